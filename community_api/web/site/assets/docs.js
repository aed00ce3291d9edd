// Shows the document, signs in, and follows the light of the day. Nothing but our own addresses is asked.
"use strict";

const prefix = document.getElementById("reference").dataset.prefix;
const api = `${prefix}/api/v1`;
const form = document.getElementById("sign-in");
const said = form.querySelector("output");
const darkness = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", darkness.matches);
// Tokens live in this page alone: leaving it forgets them.
let renewal;

follow();
darkness.addEventListener("change", follow);

const ui = SwaggerUIBundle({
  url: `${prefix}/openapi.json`,
  dom_id: "#reference",
  deepLinking: true,
  docExpansion: "none",
  defaultModelExpandDepth: 2,
  defaultModelRendering: "model",
  defaultModelsExpandDepth: 0,
  filter: true,
  persistAuthorization: false,
  showExtensions: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  onComplete: () => { form.hidden = false; },
});

async function call(path, body, token) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  const answer = await fetch(`${api}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  const told = await answer.json();
  if (!answer.ok) throw new Error(`${told.title} ${told.detail}`);
  return told;
}

function use(tokens) {
  ui.preauthorizeApiKey("bearer", tokens.access_token);
  ui.preauthorizeApiKey("refresh", tokens.refresh_token);
  clearTimeout(renewal);
  // A minute before the end, so that whoever tries things out is not signed out in the middle.
  renewal = setTimeout(() => call("/auth/refresh", {}, tokens.refresh_token).then(use, tell), (tokens.expires_in - 60) * 1000);
}

function tell(error) {
  said.value = error.message;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const username = form.elements.username.value;
  call("/auth/login", { username, password: form.elements.password.value }).then((tokens) => {
    use(tokens);
    form.elements.password.value = "";
    said.value = `Signed in as ${username}.`;
  }, tell);
});
