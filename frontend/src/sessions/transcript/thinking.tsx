import type { ThinkingPart } from '@octo/protocol'
import { Sparkle } from 'lucide-react'
import type { ReactElement } from 'react'
import { Markdown } from '../../content/index.ts'
import { formatDuration } from '../../ui/index.ts'
import { Disclosure } from './disclosure.tsx'
import { Elapsed } from './elapsed.tsx'

interface ThinkingProps {
  readonly id: string
  readonly part: ThinkingPart
}

/** What the model thought, behind one line with its duration. */
export function Thinking({ id, part }: ThinkingProps): ReactElement {
  const growing = part.growing === true
  return (
    <Disclosure
      id={id}
      icon={<Sparkle />}
      meta={growing && part.startedAt !== undefined ? <Elapsed startedAt={part.startedAt} /> : null}
      body={part.text === '' ? null : <Markdown text={part.text} streaming={growing} className="text-muted" />}
    >
      {titleOf(part)}
    </Disclosure>
  )
}

function titleOf({ growing, startedAt, endedAt }: ThinkingPart): string {
  if (growing === true) return 'Thinking'
  if (startedAt === undefined || endedAt === undefined || endedAt - startedAt < 1_000) return 'Thought'
  return `Thought for ${formatDuration(endedAt - startedAt)}`
}
