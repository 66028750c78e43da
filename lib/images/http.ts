// One place to load undici lazily: a bundle's `import("undici")` of a CommonJS package would have only `.default`.
// `fetch` and the dispatcher must come from the same copy: Node's own fetch knows no proxies.
export { EnvHttpProxyAgent, fetch } from "undici";
