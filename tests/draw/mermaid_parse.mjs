// Reads flowcharts, one JSON string a line, and says what Mermaid's own parser makes of each.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const home = process.argv[2];
const { JSDOM } = createRequire(home + "/")("jsdom");
globalThis.window = new JSDOM("").window;
globalThis.document = window.document;
const mermaid = (await import(pathToFileURL(home + "/node_modules/mermaid/dist/mermaid.core.mjs").href)).default;
mermaid.initialize({ securityLevel: "strict", maxTextSize: 50000, maxEdges: 500 });

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const diagram = await mermaid.mermaidAPI.getDiagramFromText(JSON.parse(line));
    answer = {
      type: diagram.type,
      nodes: [...diagram.db.getVertices().values()].map(node => [node.id, node.text]),
      edges: diagram.db.getEdges().map(edge => [edge.start, edge.end, edge.text]),
      groups: diagram.db.getSubGraphs().map(group => [group.id, group.title]),
    };
  } catch (error) {
    answer = { error: String(error.message || error) };
  }
  console.log(JSON.stringify(answer));
}
