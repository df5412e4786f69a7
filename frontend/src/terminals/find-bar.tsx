import { CaseSensitive, ChevronDown, ChevronUp, Regex, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { KeyboardEvent, ReactElement } from 'react'
import { focusOnMount } from '../lib/focus.ts'
import { cx, IconButton } from '../ui/index.ts'
import { isRegex } from './terminal-controller.ts'
import type { FindOptions, TerminalController } from './terminal-controller.ts'
import { useControllerState } from './use-controller.ts'

/** Finds text in what the terminal shows and has shown. */
export function FindBar({ controller }: { readonly controller: TerminalController }): ReactElement {
  const { matches } = useControllerState(controller)
  const [text, setText] = useState('')
  const [options, setOptions] = useState<FindOptions>({ regex: false, caseSensitive: false })
  const valid = !options.regex || isRegex(text)
  useEffect(() => void controller.find(text, options, 'newest'), [controller, text, options])
  const step = (direction: 'next' | 'previous'): void => void controller.find(text, options, direction)
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') step(event.shiftKey ? 'previous' : 'next')
    else if (event.key === 'Escape') controller.hideFind()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <search className="ui-float pointer-events-auto flex max-w-full items-center gap-0.5 p-1">
      <input
        ref={focusOnMount}
        aria-label="Find in terminal"
        aria-invalid={!valid}
        placeholder="Find"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKey}
        className={cx(
          'h-6 w-44 min-w-0 rounded-sm bg-transparent px-2 text-sm outline-none pointer-coarse:h-9',
          !valid && 'text-failed',
        )}
      />
      <output className="min-w-16 px-1 text-right text-xs text-faint tabular-nums">
        {valid ? describeMatches(matches) : 'No pattern'}
      </output>
      <IconButton
        size="small"
        label="Match case"
        icon={<CaseSensitive size={15} />}
        pressed={options.caseSensitive}
        onClick={() => setOptions({ ...options, caseSensitive: !options.caseSensitive })}
      />
      <IconButton
        size="small"
        label="Regular expression"
        icon={<Regex size={14} />}
        pressed={options.regex}
        onClick={() => setOptions({ ...options, regex: !options.regex })}
      />
      <IconButton
        size="small"
        label="Previous match"
        shortcut="shift+enter"
        icon={<ChevronUp size={15} />}
        onClick={() => step('previous')}
      />
      <IconButton
        size="small"
        label="Next match"
        shortcut="enter"
        icon={<ChevronDown size={15} />}
        onClick={() => step('next')}
      />
      <IconButton
        size="small"
        label="Close"
        shortcut="escape"
        icon={<X size={15} />}
        onClick={() => controller.hideFind()}
      />
    </search>
  )
}

function describeMatches(matches: { readonly index: number; readonly count: number } | null): string {
  if (matches === null) return ''
  if (matches.count === 0) return 'No match'
  return matches.index < 0 ? `${matches.count}+` : `${matches.index + 1} of ${matches.count}`
}
