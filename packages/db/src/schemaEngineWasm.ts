import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

/**
 * Loads Prisma's schema engine into its bindings, by hand because Node's own import of WebAssembly modules
 * prints a warning. The bindings hold one instance and must never be given a second: that this is a module,
 * evaluated once, sees to it. It takes some 100 ms; import it when it is needed.
 */

/** Node has this global, its types do not. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ instance: { exports: { __wbindgen_start: () => void } } }>;
};

const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
const { instance } = await WebAssembly.instantiate(await readFile(script.replace(/\.js$/, '.wasm')), {
  './schema_engine_bg.js': bindings,
});
const { __wbg_set_wasm: connectWasm } = bindings;
const { __wbindgen_start: start } = instance.exports;
connectWasm(instance.exports);
start();

export const { SchemaEngine } = bindings;
