// Builds scripts, stylesheets, icons and images into hashed files beside a manifest.
// Not for development with live reload: it runs once, from `python -m ppid_saas.web.assets`.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import * as sass from "sass";

const here = import.meta.dirname;
const out = resolve(process.argv[2] ?? join(here, "../dist"));
// Chrome 109 is the last one on Windows 7 and 8.1, which offices still use.
const target = ["chrome109", "firefox102", "safari15"];
const scripts = ["office", "portal", "sending"];
const styles = ["office", "portal", "print"];
const manifest = {};

async function emit(name, content) {
  const data = Buffer.from(content);
  const hash = createHash("sha256").update(data).digest("hex").slice(0, 12);
  const dot = name.lastIndexOf(".");
  const hashed = `${name.slice(0, dot)}.${hash}${name.slice(dot)}`;
  manifest[name] = hashed;
  await writeFile(join(out, hashed), data);
  await writeFile(join(out, `${hashed}.gz`), gzipSync(data, { level: 9 }));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  await writeFile(join(out, `${hashed}.br`), brotliCompressSync(data, { params }));
}

async function script(name) {
  const result = await build({
    entryPoints: [join(here, "js", `${name}.js`)],
    bundle: true, minify: true, format: "iife", target, write: false, legalComments: "none",
  });
  await emit(`${name}.js`, result.outputFiles[0].contents);
}

async function style(name) {
  const { css } = sass.compile(join(here, "scss", `${name}.scss`), {
    loadPaths: [join(here, "node_modules")],
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
    charset: false,
  });
  const { code } = await transform(css, { loader: "css", minify: true, target });
  await emit(`${name}.css`, code);
}

async function symbol(id, file) {
  const svg = await readFile(file, "utf8");
  const box = /viewBox="([^"]+)"/.exec(svg)[1];
  const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>")).replace(/\s+/g, " ").trim();
  return `<symbol id="${id}" viewBox="${box}">${body}</symbol>`;
}

async function sprite() {
  const chosen = JSON.parse(await readFile(join(here, "icons.json"), "utf8"));
  const vendor = join(here, "node_modules/bootstrap-icons/icons");
  const parts = Object.entries(chosen).map(([id, name]) => symbol(id, join(vendor, `${name}.svg`)));
  for (const file of (await readdir(join(here, "icons"))).sort()) {
    parts.push(symbol(basename(file, ".svg"), join(here, "icons", file)));
  }
  const symbols = (await Promise.all(parts)).join("");
  await emit("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg" fill="currentColor">${symbols}</svg>`);
}

async function images() {
  for (const file of (await readdir(join(here, "images"))).sort()) {
    await emit(file, await readFile(join(here, "images", file)));
  }
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await Promise.all([...scripts.map(script), ...styles.map(style), sprite(), images()]);
const sorted = Object.fromEntries(Object.entries(manifest).sort());
await writeFile(join(out, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);
