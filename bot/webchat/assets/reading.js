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
