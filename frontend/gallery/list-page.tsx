import { useState } from 'react'
import type { ReactElement } from 'react'

import { Markdown } from '../src/content/index.ts'
import { Button, TranscriptList } from '../src/ui/index.ts'
import { ANSWER } from './samples.ts'

const PARAGRAPHS = ANSWER.split('\n\n')

/** A transcript of 5,000 rows that can be grown at both ends, to see that nothing moves that should not. */
export function ListPage(): ReactElement {
  const [range, setRange] = useState({ from: 0, to: 5_000 })
  const [tail, setTail] = useState('')
  const items = Array.from({ length: range.to - range.from }, (_, index) => range.from + index)
  return (
    <main className="flex h-full flex-col bg-surface">
      <div className="flex gap-2 border-b border-line p-2">
        <Button onClick={() => setRange({ ...range, to: range.to + 3 })}>Append 3</Button>
        <Button onClick={() => setRange({ ...range, from: range.from - 50 })}>Prepend 50</Button>
        <Button onClick={() => setTail(`${tail} and more words that make the last row grow`)}>Grow</Button>
      </div>
      <TranscriptList
        label="Transcript"
        items={items}
        itemKey={String}
        renderItem={(item) => <Row item={item} tail={item === range.to - 1 ? tail : ''} />}
        footer={<div className="mx-auto h-8 max-w-measure px-4 text-xs text-faint">end</div>}
      />
    </main>
  )
}

function Row({ item, tail }: { readonly item: number; readonly tail: string }): ReactElement {
  const [open, setOpen] = useState(false)
  const text = PARAGRAPHS[Math.abs(item) % PARAGRAPHS.length] ?? ''
  return (
    <div className="mx-auto max-w-measure px-4 py-2">
      <button type="button" aria-expanded={open} className="text-xs text-faint" onClick={() => setOpen(!open)}>
        {`row ${item}`}
      </button>
      <Markdown text={`${text}${tail}`} />
      {open ? <div className="h-96 rounded-md bg-sunken">opened</div> : null}
    </div>
  )
}
