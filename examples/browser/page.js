// Calls the API from another origin: what a browser app needs, and nothing else. No library.
"use strict";

const log = document.getElementById("log");

function say(sentence) {
  log.append(Object.assign(document.createElement("li"), { textContent: sentence }));
}

function must(holds, sentence) {
  if (!holds) throw new Error(sentence);
  say(sentence);
}

// One request. A refusal is no error here: its problem document is looked at.
async function call(api, method, path, { body, token, ...headers } = {}) {
  const sent = { ...headers };
  if (body !== undefined) sent["Content-Type"] = "application/json";
  if (token) sent.Authorization = `Bearer ${token}`;
  const answer = await fetch(`${api}/api/v1${path}`, { method, headers: sent, body: body && JSON.stringify(body) });
  return { status: answer.status, headers: answer.headers, body: answer.status === 204 ? null : await answer.json() };
}

async function work(api, username, password) {
  const signedIn = await call(api, "POST", "/auth/login", { body: { username, password } });
  must(signedIn.status === 200, "signed in");
  const token = signedIn.body.access_token;

  // The id is made here, so that sending the report again makes no second one.
  const report = {
    id: crypto.randomUUID(),
    occurred_at: new Date(Date.now() - 3600_000).toISOString(),
    purpose: "community_problem",
    category: "lighting_litter",
    facts: "The lamp at the north gate of the park is dark since Monday.",
    source_relation: "witnessed",
  };
  const first = await call(api, "POST", "/observations", { body: report, token });
  must(first.status === 201 && first.body.id === report.id, "reported an observation under an id made here");
  const again = await call(api, "POST", "/observations", { body: report, token });
  must(again.status === 200 && again.headers.get("Idempotent-Replay") === "true", "sent it again: nothing was done twice");
  must(again.headers.get("X-Request-Id") !== null, "read the id of the request");

  const page = await call(api, "GET", "/observations?limit=1", { token });
  must(page.status === 200 && (page.body.next_cursor === null || page.headers.get("Link").includes('rel="next"')), "listed observations");

  const me = await call(api, "GET", "/me", { token });
  const tag = me.headers.get("ETag");
  must(tag !== null, "read the entity tag of one's own account");
  const wish = { timezone: me.body.timezone };
  const changed = await call(api, "PATCH", "/me", { body: wish, token, "If-Match": tag });
  must(changed.status === 200, "changed the account with If-Match");
  const known = await call(api, "GET", "/me", { token, "If-None-Match": '"0.0"' });
  must(known.status === 200, "asked with If-None-Match");
  const blind = await call(api, "PATCH", "/me", { body: wish, token });
  must(blind.status === 428 && blind.body.code === "precondition_required", "read the problem of a change without If-Match");

  const refused = await call(api, "POST", "/observations", { body: { ...report, id: crypto.randomUUID(), facts: " " }, token, "Accept-Language": "de" });
  must(refused.status === 422 && refused.headers.get("Content-Type").startsWith("application/problem+json"), "read a problem document");
  must(refused.body.errors[0].pointer === "/facts", "read which field is wrong");
  must(refused.headers.get("Content-Language") !== null, "read the language of the problem");
}

async function tell(api) {
  const receipt = await call(api, "POST", "/public/receipts", { body: {} });
  must(receipt.status === 200, "got a code");
  const code = receipt.body.code;
  const concern = { code, category: "noise_nuisance", text: "Every night at two a car races through our street.", language: "en" };
  const told = await call(api, "POST", "/public/concerns", { body: concern });
  must(told.status === 201 && told.body.state === "received", "told the police something");
  const again = await call(api, "POST", "/public/concerns", { body: concern });
  must(again.status === 200 && again.headers.get("Idempotent-Replay") === "true", "told it again: nothing was done twice");
  const followed = await call(api, "POST", "/public/follow-ups", { body: { code: code.toLowerCase() } });
  must(followed.status === 200 && followed.body.concern.text === concern.text, "read on by the code");
  const states = await call(api, "GET", "/public/code-lists/concern_states", { "Accept-Language": "tr" });
  must(states.body.items.some((item) => item.code === followed.body.state), "read what the state is called");
  const unknown = await call(api, "POST", "/public/follow-ups", { body: { code: "0".repeat(32) } });
  must(unknown.status === 404 && unknown.body.code === "receipt_unknown", "read the problem of an unknown code");
  // Only the public part is open to every origin: here a browser lets nobody read the answer.
  const closed = await call(api, "GET", "/me").then(() => "read", () => "kept from this page");
  say(`one's own account is ${closed}`);
}

async function play(job) {
  log.replaceChildren();
  try {
    await job();
    say("Done.");
  } catch (error) {
    say(`Failed: ${error.message}`);
  }
}

document.getElementById("staff").addEventListener("submit", (event) => {
  event.preventDefault();
  const { api, username, password } = event.target.elements;
  play(() => work(api.value, username.value, password.value));
});
document.getElementById("public").addEventListener("submit", (event) => {
  event.preventDefault();
  play(() => tell(event.target.elements.api.value));
});
