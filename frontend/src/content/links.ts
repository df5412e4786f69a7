/** Decides what may be a link, an image or a path to open. Everything else is shown as text. */

const LINK_PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:'])

/** Longer addresses are attacks or data, and no address bar shows them. */
const MAX_ADDRESS = 4_096

/**
 * The address to put into a link, or null if it must not be one.
 * @param href as written by whoever wrote the text
 */
export function safeHref(href: string): string | null {
  if (href.length > MAX_ADDRESS || !URL.canParse(href)) return null
  const url = new URL(href)
  return LINK_PROTOCOLS.has(url.protocol) ? url.href : null
}

/**
 * The source of an image that may be loaded: only what our own backend or this page serves, so that showing a text
 * fetches nothing from elsewhere.
 */
export function safeImageSource(href: string): string | null {
  if (href.length > MAX_ADDRESS) return null
  if (/^\/api\/blobs\/[\w-]+$/.test(href)) return href
  return href.startsWith('blob:') ? href : null
}

export interface PathTarget {
  readonly path: string
  readonly line: number | null
  readonly column: number | null
}

const PATH = /^((?:~?\/|\.{1,2}\/)?[\w@+.-]+(?:\/[\w@+.()[\]-]+)*\/?)(?::(\d{1,7})(?::(\d{1,5}))?|#L(\d{1,7}))?$/

/** Endings that name a file even without a folder before it. */
const ENDINGS: ReadonlySet<string> = new Set(
  (
    'c cc cfg conf cpp cs css csv dart diff env ex exs fish go gradle graphql h hpp htm html ini ipynb java jl js json ' +
    'jsonc jsonl jsx kt less lock lua m md mdx mjs ml mts nix patch php pl png proto ps1 py r rb rs scala scss sh sql ' +
    'svelte svg swift tex tf toml ts tsx txt vue wasm xml yaml yml zig zsh'
  ).split(' '),
)

/** Names of products that look like files. */
const NOT_FILES: ReadonlySet<string> = new Set([
  'node.js',
  'next.js',
  'vue.js',
  'nuxt.js',
  'three.js',
  'd3.js',
  'express.js',
])

/**
 * Reads `src/app.ts:12:4`, `./README.md`, `Makefile.toml#L3` as a path; anything that is not plainly one is null.
 * @param text the content of inline code, or the target of a link
 */
export function parsePath(text: string): PathTarget | null {
  if (text.length > 512 || !/[./]/.test(text)) return null
  const match = PATH.exec(text)
  const path = match?.[1]
  if (match === null || path === undefined) return null
  if (!isPlainlyPath(path)) return null
  const line = match[2] ?? match[4]
  return {
    path,
    line: line === undefined ? null : Number(line),
    column: match[3] === undefined ? null : Number(match[3]),
  }
}

function isPlainlyPath(path: string): boolean {
  const name = path.split('/').at(-1) ?? ''
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase()
  const known = ending !== undefined && ENDINGS.has(ending)
  if (!path.includes('/')) return known && !NOT_FILES.has(path.toLowerCase())
  // `and/or` and `1/2` are words; a path starts like one, ends like one, or goes deeper.
  return known || /^(?:~?\/|\.{1,2}\/)\w/.test(path) || (path.split('/').length > 2 && !/^[\d./]+$/.test(path))
}
