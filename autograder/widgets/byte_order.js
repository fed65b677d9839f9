// The explorer's page side: four controls set the four arguments, and whatever Python draws is shown.
// It owns no arithmetic: every number, byte and message comes from byte_order.py.

const WIDTHS = [8, 16, 32, 64];
const ORDERS = [["little", "little-endian"], ["big", "big-endian"]];
let made = 0; // keeps the ids of several explorers on one page apart

function element(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function choices(model, trait, title, options, name) {
  const inputs = options.map(([value, words]) => {
    const input = element("input", { type: "radio", name, checked: model.get(trait) === value });
    input.addEventListener("change", () => {
      model.set(trait, value);
      model.save_changes();
    });
    model.on(`change:${trait}`, () => { input.checked = model.get(trait) === value; });
    return element("label", {}, input, ` ${words}`);
  });
  return element("fieldset", {}, element("legend", {}, title), ...inputs);
}

function typed(model, id) {
  const input = element("input", {
    type: "text", id, value: model.get("number"), autocomplete: "off", spellcheck: false,
  });
  input.setAttribute("aria-describedby", `${id}-problem`);
  input.addEventListener("input", () => {
    model.set("number", input.value);
    model.save_changes();
  });
  model.on("change:number", () => {
    if (input.value !== model.get("number")) input.value = model.get("number");
  });
  return input;
}

function swapButton(model) {
  const button = element("button", { type: "button", textContent: "Read it the other way" });
  button.addEventListener("click", () => {
    model.set("number", model.get("wrong"));
    model.save_changes();
  });
  return button;
}

function signedBox(model) {
  const box = element("input", { type: "checkbox", checked: model.get("signed") });
  box.addEventListener("change", () => {
    model.set("signed", box.checked);
    model.save_changes();
  });
  model.on("change:signed", () => { box.checked = model.get("signed"); });
  return element("label", {}, box, " signed");
}

function render({ model, el }) {
  const id = `byte-order-${made++}`;
  const input = typed(model, id);
  const problem = element("p", { className: "problem", id: `${id}-problem` });
  const spoken = element("p", { className: "unseen" });
  const drawing = element("div", { className: "drawing" });
  problem.setAttribute("role", "status");
  spoken.setAttribute("aria-live", "polite");
  const form = element("form", {},
    element("div", {}, element("label", { htmlFor: id, className: "title", textContent: "Number" }), input),
    choices(model, "width", "Bits", WIDTHS.map((width) => [width, String(width)]), `${id}-width`),
    signedBox(model),
    choices(model, "host", "Host", ORDERS, `${id}-host`),
    swapButton(model));
  // Arrows and letters pressed here belong to these controls; JupyterLab would move to another cell.
  for (const control of form.elements) control.dataset.lmSuppressShortcuts = "true";
  form.addEventListener("submit", (event) => event.preventDefault());

  const show = () => {
    const wrong = model.get("problem");
    problem.textContent = wrong ? `✗ ${wrong}` : "";
    input.setAttribute("aria-invalid", String(Boolean(wrong)));
    drawing.toggleAttribute("data-stale", Boolean(wrong));
    drawing.innerHTML = model.get("svg"); // made by byte_order.py from numbers alone
    spoken.textContent = wrong ? "" : model.get("text").split("\n").slice(0, 4).join(". ");
  };
  model.on("change:svg change:problem change:text", show);
  el.classList.add("byte-order-explorer");
  el.append(form, problem, drawing, spoken);
  show();
}

export default { render };
