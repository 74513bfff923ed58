// The browser opens a document at the passage; this goes on to the very words
// that a citation marks, when the passage is long and they are further down.
"use strict";
addEventListener("load", () => {
  const quoted = document.querySelector("mark.quoted");
  const navigation = performance.getEntriesByType("navigation")[0];
  if (!quoted || !navigation || navigation.type !== "navigate") return; // who goes back has a place already
  const { top } = quoted.getBoundingClientRect();
  if (top < 0 || top > innerHeight * 0.7) quoted.scrollIntoView({ block: "start" });
});

// The link to the quoted words becomes a button that copies it, where the
// browser lets it.
for (const link of navigator.clipboard ? document.querySelectorAll("a.share") : []) {
  const button = document.createElement("button");
  const announcer = document.getElementById("thong-bao");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Chép liên kết";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(link.href);
      announcer.textContent = "";
      button.textContent = announcer.textContent = "Đã chép liên kết";
    } catch {
      button.replaceWith(link); // not allowed after all
      link.focus();
    }
  });
  link.replaceWith(button);
}
