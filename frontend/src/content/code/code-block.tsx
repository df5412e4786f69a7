import { Fragment, memo, useMemo, useState } from 'react'
import type { ReactElement } from 'react'

import { Button, CopyButton } from '../../ui/index.ts'
import { ScrollX } from '../scroll-x.tsx'
import { clipLine } from './clip.ts'
import { CodeLine } from './code-line.tsx'
import { useHighlight } from './highlighter.ts'

/** Longer blocks show their beginning; a file of that length is read in the editor. */
const MAX_OPEN_LINES = 300
const FIRST_LINES = 120

interface CodeBlockProps {
  readonly code: string
  /** What stood behind the fence: a language, sometimes a path or more words. */
  readonly info?: string
  /** Whether the code still grows; it is coloured when it is finished. */
  readonly open?: boolean
}

/** A block of code with its language and a button to copy it. */
export const CodeBlock = memo(function CodeBlock({ code, info = '', open = false }: CodeBlockProps): ReactElement {
  const name = info.split(/\s/)[0] ?? ''
  const colours = useHighlight(code, name, !open)
  const [whole, setWhole] = useState(false)
  const lines = useMemo(() => code.split('\n'), [code])
  const shown = whole || lines.length <= MAX_OPEN_LINES ? lines.length : FIRST_LINES
  return (
    <figure className="code-block">
      <figcaption>
        <span className="truncate">{name === '' ? 'text' : name}</span>
        <CopyButton text={code} label="Copy code" className="-mr-1" />
      </figcaption>
      <ScrollX label="Code" className="code-scroll">
        <pre>
          <code>
            {lines.slice(0, shown).map((line, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- lines have no identity but their place
              <Fragment key={index}>
                {index === 0 ? null : '\n'}
                <CodeLine text={clipLine(line)} colours={colours?.[index]} />
              </Fragment>
            ))}
          </code>
        </pre>
      </ScrollX>
      {shown < lines.length ? (
        <Button variant="quiet" size="small" className="m-1" onClick={() => setWhole(true)}>
          {`Show all ${lines.length.toLocaleString('en-US')} lines`}
        </Button>
      ) : null}
    </figure>
  )
})
