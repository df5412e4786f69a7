import { File, FileCode, FileImage, FileQuestion, FileText, FileType, Folder, FolderOpen, Link } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { createElement } from 'react'
import type { ReactElement } from 'react'
import type { EntryRow } from './tree-model.ts'

const IMAGES = /\.(avif|bmp|gif|ico|jpe?g|png|svg|webp)$/i
const PROSE = /\.(csv|log|md|mdx|rst|tex|txt)$/i
const FONTS_AND_DOCUMENTS = /\.(docx?|odt|otf|pdf|pptx?|ttf|woff2?|xlsx?)$/i
const CODE =
  /\.(astro|bash|c|cc|cjs|clj|cpp|cs|css|dart|erl|ex|exs|fish|go|graphql|h|hpp|hs|html?|java|jl|js|json|jsonc|jsx|kt|less|lua|m|mjs|ml|mts|nix|php|pl|proto|ps1|py|r|rb|rs|scala|scss|sh|sql|svelte|swift|tf|toml|ts|tsx|vue|xml|ya?ml|zig)$/i

/** The sign before a name; the kind of a file by its ending. */
export function TreeIcon({ row }: { readonly row: EntryRow }): ReactElement {
  return createElement(iconOf(row), { size: 15, 'aria-hidden': true, className: 'shrink-0 text-faint' })
}

function iconOf({ entry, isFolder, expanded, name }: EntryRow): LucideIcon {
  if (isFolder) return expanded ? FolderOpen : Folder
  if (entry === 'symlink') return Link
  return entry === 'other' ? FileQuestion : fileIcon(name)
}

/** The sign of a file by its name. */
export function fileIcon(name: string): LucideIcon {
  if (IMAGES.test(name)) return FileImage
  if (CODE.test(name)) return FileCode
  if (PROSE.test(name)) return FileText
  return FONTS_AND_DOCUMENTS.test(name) ? FileType : File
}
