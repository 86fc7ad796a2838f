"use strict";
/* The examples with real ids, and a form to send each. The key stays in this tab. */
(() => {
  const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
  const STORED = "darkroom.key";
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  const make = (tag, text = "", values = {}) =>
    Object.assign(document.createElement(tag), { textContent: text }, values);

  const given = new URLSearchParams(location.hash.slice(1)).get("key");
  if (given) {
    sessionStorage.setItem(STORED, given);
    history.replaceState(null, "", location.pathname);
  }
  let key = sessionStorage.getItem(STORED) || "";
  let workspace = "";

  const ask = (url, options = {}) =>
    fetch(url, {
      ...options,
      headers: { ...(key ? { authorization: `Bearer ${key}` } : {}), ...options.headers },
    });

  async function found(url) {
    const answer = await ask(url, workspace ? { headers: { "X-Workspace-Id": workspace } } : {});
    return answer.ok ? answer.json() : null;
  }

  /* The first id in a list, whatever the list and the id are called. */
  function firstId(list) {
    const inner = list && !Array.isArray(list) && list.data && !Array.isArray(list.data) ? list.data : list;
    const entries = Array.isArray(inner) ? inner : Object.values(inner || {}).find(Array.isArray);
    return Object.values((entries || [])[0] || {}).find((value) => UUID.test(value));
  }

  async function fill() {
    const account = await found("/v1/account");
    workspace = account ? account.workspace : "";
    all("[data-workspace]").forEach((place) => workspace && (place.textContent = workspace));
    for (const url of new Set(all("[data-list]").map((place) => place.dataset.list))) {
      const id = firstId(await found(url));
      for (const place of all("[data-list]").filter((one) => one.dataset.list === url)) {
        if (id) place.textContent = id;
        place.closest("section").querySelector(".hint").hidden = Boolean(id);
      }
    }
    all("[data-key-state]").forEach((place) => {
      place.textContent = account ? `Signed in to the workspace ${workspace}.` : "This key opens nothing here.";
    });
  }

  function show(panel, answer, text) {
    const status = make("b", `${answer.status} `, { className: answer.ok ? "good" : "bad" });
    const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* no JSON */ }
    const more = make("details");
    more.append(make("summary", "Headers"), make("pre", headers));
    panel.replaceChildren(status, more, make("pre", shown));
    const parsed = shown.match(/https?:\/\/[^"\s]+\/v1\/files\/[^"\s]+/g) || [];
    for (const url of new Set(parsed)) {
      panel.append(make("a", "Open the file", { href: url, target: "_blank", rel: "noopener" }), " ");
    }
  }

  function open(section) {
    const { method, kind } = section.dataset;
    const form = make("div", "", { className: "try" });
    const url = make("input", "", { type: "text", value: section.querySelector("[data-url]").textContent });
    url.setAttribute("aria-label", "Address");
    form.append(url);
    let body = null;
    if (kind === "application/json") {
      body = make("textarea", section.dataset.example, { rows: 6, spellcheck: false });
    } else if (kind) {
      body = make("input", "", { type: "file" });
    }
    if (body) {
      body.setAttribute("aria-label", "Body");
      form.append(body);
    }
    const send = make("button", `Send ${method}`, { type: "button" });
    const panel = make("div", "", { className: "result" });
    panel.setAttribute("aria-live", "polite");
    form.append(send, panel);
    send.addEventListener("click", async () => {
      const headers = { ...JSON.parse(section.dataset.headers || "{}") };
      if (headers["X-Workspace-Id"] && workspace) headers["X-Workspace-Id"] = workspace;
      const options = { method, headers };
      if (kind === "application/json") {
        headers["content-type"] = kind;
        options.body = body.value;
      } else if (kind) {
        options.body = new FormData();
        const fields = JSON.parse(section.dataset.example);
        Object.entries(fields).forEach(([name, value]) =>
          options.body.append(name, name === "file" ? body.files[0] : value));
      }
      panel.textContent = "Waiting …";
      try {
        const answer = await ask(new URL(url.value, location.href), options);
        show(panel, answer, await answer.text());
      } catch (problem) {
        panel.textContent = `Nothing was answered: ${problem.message}`;
      }
    });
    return form;
  }

  for (const section of all("section[data-method]")) {
    const button = make("button", "Try it", { type: "button", className: "open" });
    let form = null;
    button.addEventListener("click", () => {
      if (form) {
        form.remove();
        form = null;
      } else {
        form = open(section);
        button.after(form);
        form.querySelector("input").focus();
      }
      button.setAttribute("aria-expanded", String(Boolean(form)));
    });
    section.querySelector("pre").after(button);
  }

  const field = document.querySelector("#key");
  field.hidden = false;
  const input = field.querySelector("input");
  input.value = key;
  field.querySelector("button").addEventListener("click", () => {
    key = input.value.trim();
    if (key) sessionStorage.setItem(STORED, key);
    else sessionStorage.removeItem(STORED);
    fill();
  });
  if (key) fill();
})();
