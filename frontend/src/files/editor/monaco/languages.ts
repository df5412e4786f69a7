import { languages } from 'monaco-editor/editor/editor.api'

/** Adds what Monaco colours only with language services, or does not know by name. */
export function registerLanguages(): void {
  languages.register({
    id: 'json',
    aliases: ['JSON'],
    extensions: ['.json', '.jsonc', '.json5', '.jsonl', '.ndjson', '.ipynb', '.webmanifest', '.code-workspace'],
    filenames: ['.prettierrc', '.babelrc', '.eslintrc', '.swcrc', 'composer.lock'],
  })
  languages.setMonarchTokensProvider('json', JSON_TOKENS)
  languages.setLanguageConfiguration('json', {
    comments: { lineComment: '//', blockComment: ['/*', '*/'] },
    brackets: [
      ['{', '}'],
      ['[', ']'],
    ],
    autoClosingPairs: [
      { open: '{', close: '}', notIn: ['string'] },
      { open: '[', close: ']', notIn: ['string'] },
      { open: '"', close: '"', notIn: ['string'] },
    ],
  })
  // More names for languages that are known.
  languages.register({ id: 'ini', extensions: ['.toml', '.conf', '.cfg', '.env', '.desktop', '.service', '.socket'] })
  languages.register({
    id: 'ini',
    filenames: ['.env', '.npmrc', 'Cargo.lock', 'poetry.lock', 'uv.lock', '.gitmodules'],
  })
  languages.register({
    id: 'shell',
    extensions: ['.zsh', '.ksh'],
    filenames: ['.bashrc', '.profile', '.zshrc', '.envrc'],
  })
  languages.register({ id: 'yaml', filenames: ['.clang-format', '.clang-tidy', 'pnpm-lock.yaml'] })
  languages.register({ id: 'ruby', filenames: ['Gemfile', 'Rakefile', 'Podfile', 'Vagrantfile'] })
  languages.register({ id: 'html', extensions: ['.vue', '.svelte', '.astro'] })
  languages.register({ id: 'dockerfile', filenames: ['Containerfile'] })
}

const JSON_TOKENS: languages.IMonarchLanguage = {
  tokenizer: {
    root: [
      [/"(?:[^"\\]|\\.)*"(?=\s*:)/, 'type'],
      [/"(?:[^"\\]|\\.)*"/, 'string'],
      [/"[^"]*$/, 'string.invalid'],
      [/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/, 'number'],
      [/\b(?:true|false|null)\b/, 'keyword'],
      [/\/\/.*$/, 'comment'],
      [/\/\*/, 'comment', '@comment'],
      [/[{}[\]]/, '@brackets'],
      [/[,:]/, 'delimiter'],
    ],
    comment: [
      [/\*\//, 'comment', '@pop'],
      [/./, 'comment'],
    ],
  },
}
