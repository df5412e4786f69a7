import type { AssistantItem } from '@octo/protocol'
import type { ReactElement } from 'react'
import { Markdown } from '../../content/index.ts'
import { Thinking } from './thinking.tsx'
import { useTranscript } from './transcript-context.tsx'

/** What the agent wrote: plain text, its thinking behind a line. */
export function AssistantTurn({ item }: { readonly item: AssistantItem }): ReactElement {
  const { openPath } = useTranscript()
  return (
    <div className="flex min-w-0 flex-col gap-1 py-1">
      {item.parts.map((part, at) => {
        if (part.text === '') return null
        // Parts have no identity but their place, and keep it while they grow.
        return part.type === 'thinking' ? (
          // oxlint-disable-next-line react/no-array-index-key
          <Thinking key={at} id={`${item.id}:${at}`} part={part} />
        ) : (
          // oxlint-disable-next-line react/no-array-index-key
          <Markdown key={at} text={part.text} streaming={part.growing === true} onOpenPath={openPath} />
        )
      })}
      {item.stop === 'token_limit' ? (
        <p className="text-sm text-waiting">The answer was cut at the token limit.</p>
      ) : null}
      {item.stop === 'refusal' ? <p className="text-sm text-waiting">The model refused to go on.</p> : null}
    </div>
  )
}
