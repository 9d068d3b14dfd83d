// @peac/mappings-content-signals (peacprotocol/peac, Apache-2.0): parseContentUsage and parseTdmrep.
//
// The first argument is the package as one CommonJS file (esbuild --bundle --platform=node --format=cjs src/index.ts),
// the second its version. It follows vocab-05 by its own words, so `ai-use`, which came later, is left out; train-ai is
// its purpose `ai-training`, search `ai-search`. tdmrep.json is read for the site as a whole: a file with paths is asked
// of too, for it is the reader of that file. parseRobotsTxt answers by purpose for nine agents and the root, not for an
// agent and a path, and is not asked.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const peac = createRequire(import.meta.url)(resolve(process.argv[2]));
const words = { allow: "allow", deny: "disallow", unspecified: "unknown" };
const decision = (entries, purpose) => entries.find((entry) => entry.purpose === purpose)?.decision ?? "unspecified";

const readers = {
  "aipref-header": (given) => {
    const text = given.lines.join(", ");
    const { entries } = peac.parseContentUsage(text);
    const answer = {
      "train-ai": words[decision(entries, "ai-training")],
      search: words[decision(entries, "ai-search")],
    };
    return [answer, `parseContentUsage(${JSON.stringify(text)}).entries`];
  },
  "tdmrep-file": (given) => {
    const text = JSON.stringify(given.file);
    const said = { allow: "allowed", deny: "reserved", unspecified: "unknown" }[decision(peac.parseTdmrep(text), "tdm")];
    return [{ reservation: said }, `parseTdmrep(${JSON.stringify(text)})`];
  },
};

console.log(JSON.stringify({ version: process.argv[3] ?? "", shown: {} }));
for await (const line of createInterface({ input: process.stdin })) {
  const { key, kind, given } = JSON.parse(line);
  if (!readers[kind]) continue;
  let answer;
  let call = "";
  try {
    [answer, call] = readers[kind](given);
  } catch (error) {
    answer = { error: String(error).slice(0, 200) };
  }
  console.log(JSON.stringify({ key, answer, call }));
}
