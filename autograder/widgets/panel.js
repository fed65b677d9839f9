// The page's side of a picture with buttons: a press is told to Python, and whatever Python draws and says is shown.
// It knows nothing of sockets: every number and word comes from the widget's Python side.

let made = 0; // keeps the ids of several panels on one page apart

function element(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function control(model, action, id) {
  const button = element("button", { type: "button", textContent: action.label });
  if (action.number === null) {
    button.addEventListener("click", () => model.send({ press: action.name }));
    return element("span", { className: "action" }, button);
  }
  const field = element("input", { type: "number", id, min: 0, step: 1, value: action.number });
  model.on("change:buttons", () => {
    const now = model.get("buttons").find((other) => other.name === action.name);
    if (now) field.value = now.number;
  });
  field.setAttribute("aria-label", action.unit ? `${action.label}: how many ${action.unit}` : `${action.label}: which number`);
  const press = () => model.send({
    press: action.name,
    number: Number.isInteger(field.valueAsNumber) ? field.valueAsNumber : null,
  });
  button.addEventListener("click", press);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      press();
    }
  });
  return element("span", { className: "action" }, button, field, element("label", { htmlFor: id }, action.unit));
}

function render({ model, el }) {
  const id = `socket-panel-${made++}`;
  const controls = model.get("buttons").map((action, place) => control(model, action, `${id}-${place}`));
  const form = element("form", {}, ...controls);
  form.setAttribute("aria-label", model.get("title"));
  // Keys pressed here belong to these controls; JupyterLab would take them for commands.
  for (const part of form.elements) part.dataset.lmSuppressShortcuts = "true";
  form.addEventListener("submit", (event) => event.preventDefault());
  const said = element("p", { className: "said" });
  said.setAttribute("role", "status");
  const drawing = element("div", { className: "drawing" });

  const show = () => {
    said.textContent = (model.get("refused") ? "✗ " : "") + model.get("said");
    said.classList.toggle("refused", model.get("refused"));
    drawing.innerHTML = model.get("svg"); // made by Python, with every word in it escaped
  };
  model.on("change:svg change:said change:refused", show);
  el.classList.add("socket-panel");
  el.append(form, said, drawing);
  show();
  return () => model.off("change:svg change:said change:refused", show);
}

export default { render };
