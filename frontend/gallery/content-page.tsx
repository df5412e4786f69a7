import type { ReactElement, ReactNode } from 'react'

import { DiffView, Markdown, ToolOutput, compareTexts } from '../src/content/index.ts'
import { toast } from '../src/ui/index.ts'
import { ANSWER, OUTPUT, PATCH } from './samples.ts'

const OLD = Array.from({ length: 60 }, (_, index) => `line ${index + 1} of the old file`).join('\n')
const NEW = OLD.replace('line 12 of', 'line twelve of').replace('line 40 of the old file\n', '')

/** Everything that draws text of others. */
export function ContentPage(): ReactElement {
  return (
    <main className="h-full overflow-y-auto bg-surface">
      <div className="mx-auto flex max-w-measure flex-col gap-8 px-4 py-8">
        <Markdown text={ANSWER} onOpenPath={(target) => toast({ text: `${target.path}:${target.line ?? 1}` })} />
        <Part title="A patch">
          <DiffView source={{ patch: PATCH }} onOpenFile={(path) => toast({ text: path })} />
        </Part>
        <Part title={`Two versions (${compareTexts(OLD, NEW, 'a.txt').added} line in)`}>
          <DiffView source={{ oldText: OLD, newText: NEW, path: 'notes/a.txt' }} />
        </Part>
        <Part title="Output">
          <div className="rounded-lg border border-line bg-code-bg p-3">
            <ToolOutput text={OUTPUT} onOpenPath={(target) => toast({ text: target.path })} />
          </div>
        </Part>
      </div>
    </main>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-xs font-medium text-faint">{title}</h2>
      {children}
    </section>
  )
}
