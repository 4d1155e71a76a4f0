// Makes one file of each entry in bundles.json, with its content's hash in its name, and tells the
// portal by built.json what each is called now. licences.txt names every package that is inside.
//
// Usage: node build.mjs DIRECTORY (which is replaced as a whole)
import { readFile, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const target = process.argv[2];
if (!target) throw new Error("usage: node build.mjs DIRECTORY");

const made = `${target}.part`;
await rm(made, { recursive: true, force: true });
await mkdir(made, { recursive: true });

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: JSON.parse(await readFile(join(here, "bundles.json"), "utf8")),
  outdir: made,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  charset: "utf8",
  legalComments: "none",
  loader: { ".woff2": "file", ".woff": "file", ".svg": "file", ".png": "file" },
  metafile: true,
});

const names = {};
for (const [output, facts] of Object.entries(metafile.outputs)) {
  const file = basename(output);
  if (facts.entryPoint) names[file.replace(/-[A-Z0-9]{8}(\.[a-z]+)$/, "$1")] = file;
}
await writeFile(join(made, "built.json"), `${JSON.stringify(names, null, 2)}\n`);

const packages = new Set();
for (const input of Object.keys(metafile.inputs)) {
  const found = input.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)\//);
  if (found) packages.add(found[1]);
}
// The published files of altcha hold a part of hash-wasm already.
if (packages.has("altcha")) packages.add("hash-wasm");

const texts = [];
for (const name of [...packages].sort()) {
  const folder = join(here, "node_modules", name);
  const facts = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((one) => /^licen[cs]e/i.test(one));
  if (!file) throw new Error(`${name} has no licence text`);
  const text = await readFile(join(folder, file), "utf8");
  texts.push(`${name} ${facts.version} (${facts.license})\n\n${text.trim()}\n`);
}
await writeFile(join(made, "licences.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));

await rm(target, { recursive: true, force: true });
await rename(made, target);
