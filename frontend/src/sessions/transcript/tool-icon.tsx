import type { ToolCategory } from '@octo/protocol'
import {
  ArrowRightLeft,
  FileText,
  Globe,
  Lightbulb,
  Pencil,
  Search,
  SquareTerminal,
  Trash2,
  Wrench,
} from 'lucide-react'
import type { ReactElement } from 'react'

/** The sign of a kind of tool. */
export function ToolIcon({ category }: { readonly category: ToolCategory }): ReactElement {
  switch (category) {
    case 'read':
      return <FileText />
    case 'edit':
      return <Pencil />
    case 'delete':
      return <Trash2 />
    case 'move':
      return <ArrowRightLeft />
    case 'search':
      return <Search />
    case 'execute':
      return <SquareTerminal />
    case 'fetch':
      return <Globe />
    case 'think':
      return <Lightbulb />
    case 'other':
      return <Wrench />
  }
}
