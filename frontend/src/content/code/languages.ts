/** Languages whose grammar we have; grammars.ts has one for each. */
const LANGUAGES = [
  'bash',
  'c',
  'cpp',
  'csharp',
  'css',
  'dart',
  'diff',
  'docker',
  'elixir',
  'go',
  'graphql',
  'haskell',
  'html',
  'ini',
  'java',
  'javascript',
  'json',
  'jsonc',
  'jsx',
  'kotlin',
  'lua',
  'make',
  'markdown',
  'nginx',
  'nix',
  'perl',
  'php',
  'powershell',
  'proto',
  'python',
  'r',
  'ruby',
  'rust',
  'scala',
  'scss',
  'shellsession',
  'sql',
  'svelte',
  'swift',
  'terraform',
  'toml',
  'tsx',
  'typescript',
  'vue',
  'xml',
  'yaml',
  'zig',
] as const

export type Language = (typeof LANGUAGES)[number]

const KNOWN: ReadonlySet<string> = new Set(LANGUAGES)

/** Other names: what people write behind a fence, and endings of files. */
const ALIASES: Readonly<Record<string, Language>> = {
  bat: 'powershell',
  cc: 'cpp',
  cjs: 'javascript',
  conf: 'ini',
  console: 'shellsession',
  cs: 'csharp',
  cts: 'typescript',
  cxx: 'cpp',
  dockerfile: 'docker',
  env: 'ini',
  ex: 'elixir',
  exs: 'elixir',
  gql: 'graphql',
  h: 'c',
  hcl: 'terraform',
  hpp: 'cpp',
  hs: 'haskell',
  htm: 'html',
  js: 'javascript',
  json5: 'jsonc',
  jsonl: 'json',
  kt: 'kotlin',
  kts: 'kotlin',
  makefile: 'make',
  md: 'markdown',
  mdx: 'markdown',
  mjs: 'javascript',
  mts: 'typescript',
  patch: 'diff',
  pl: 'perl',
  properties: 'ini',
  ps1: 'powershell',
  py: 'python',
  pyi: 'python',
  rb: 'ruby',
  rs: 'rust',
  sass: 'scss',
  sh: 'bash',
  shell: 'bash',
  'shell-session': 'shellsession',
  svg: 'xml',
  tf: 'terraform',
  ts: 'typescript',
  yml: 'yaml',
  zsh: 'bash',
}

/**
 * The language of a name as written behind a fence or of a path by its ending; null when there is no grammar for it,
 * and the code stays plain.
 */
export function languageOf(nameOrPath: string): Language | null {
  const name = (nameOrPath.split('/').at(-1) ?? '').toLowerCase()
  const ending = name.includes('.') ? (name.split('.').at(-1) ?? '') : name
  for (const candidate of [name, ending]) {
    if (isLanguage(candidate)) return candidate
    const alias = Object.hasOwn(ALIASES, candidate) ? ALIASES[candidate] : undefined
    if (alias !== undefined) return alias
  }
  return null
}

function isLanguage(name: string): name is Language {
  return KNOWN.has(name)
}
