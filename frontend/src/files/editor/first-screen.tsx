import type { ReactElement } from 'react'
import { useSettings } from '../../lib/settings.ts'
import { LINE_HEIGHT } from './line-height.ts'

/** As much of a text as any screen shows. */
const MAX_LINES = 150
const MAX_CHARS = 32_768

/** The beginning of a text where the editor will show it, while editor or text are still on their way. */
export function FirstScreen({ text }: { readonly text: string }): ReactElement {
  const { codeSize } = useSettings()
  return (
    <pre
      aria-busy
      className="min-h-0 flex-1 overflow-hidden py-2 pl-[54px] font-mono text-(length:--code-size) text-code-text"
      style={{ lineHeight: `${Math.round(codeSize * LINE_HEIGHT)}px` }}
    >
      {text.slice(0, MAX_CHARS).split('\n', MAX_LINES).join('\n')}
    </pre>
  )
}
