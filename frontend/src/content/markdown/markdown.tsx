import type { Links } from 'marked'
import { memo, useMemo, useState } from 'react'
import type { ReactElement } from 'react'

import { cx } from '../../ui/index.ts'
import { CodeBlock } from '../code/code-block.tsx'
import { safeImageSource } from '../links.ts'
import type { PathTarget } from '../links.ts'
import { LongText } from '../long-text.tsx'
import { useLatest } from '../use-latest.ts'
import { ContentActionsContext } from './actions.ts'
import { Blocks } from './blocks.tsx'
import { completeCode, completeTail } from './complete.ts'
import { lexDefinitions, lexSegment, NO_LINKS } from './lex.ts'
import { createSegmenter } from './segments.ts'
import type { Segment } from './segments.ts'

interface MarkdownProps {
  readonly text: string
  /** Whether more may come: half-written constructs at the end are then shown as what they will become. */
  readonly streaming?: boolean
  /** Makes file names in code spans and links pressable. */
  readonly onOpenPath?: (target: PathTarget) => void
  /** Keep it stable: a new function draws everything again. Without it only blobs of our own are shown. */
  readonly imageSource?: (href: string) => string | null
  readonly className?: string
}

/**
 * Markdown as React elements. Finished parts are lexed and drawn once, however long the text goes on growing; HTML in
 * the text is text; links lead only to the web and to mail.
 */
export const Markdown = memo(function Markdown(props: MarkdownProps): ReactElement {
  const { text, streaming = false, onOpenPath, imageSource = safeImageSource, className } = props
  const [segmenter] = useState(createSegmenter)
  const { groups, tail, definitions } = segmenter.update(text, streaming)
  const links = useLinks(definitions)
  const openPath = useLatest(onOpenPath)
  const opensPaths = onOpenPath !== undefined
  const actions = useMemo(
    () => ({ openPath: opensPaths ? openPath : null, imageSource }),
    [opensPaths, openPath, imageSource],
  )
  return (
    <ContentActionsContext value={actions}>
      <div className={cx('md', className)}>
        {/* The tail keeps its key when it becomes a full group, so nothing in it is made anew. */}
        {[...groups, tail].map((segments) => (
          <Group key={segments[0]?.start ?? 'end'} segments={segments} links={links} />
        ))}
      </div>
    </ContentActionsContext>
  )
})

interface GroupProps {
  readonly segments: readonly Segment[]
  readonly links: Links
}

const Group = memo(function Group({ segments, links }: GroupProps) {
  return segments.map((segment) => (
    <SegmentView key={segment.start} segment={segment} links={segment.text.includes('[') ? links : NO_LINKS} />
  ))
})

interface SegmentViewProps {
  readonly segment: Segment
  readonly links: Links
}

const SegmentView = memo(function SegmentView({ segment, links }: SegmentViewProps): ReactElement {
  switch (segment.kind) {
    case 'text':
      return (
        <TextSegment
          text={segment.open ? completeTail(segment.text) : segment.text}
          open={segment.open}
          links={links}
        />
      )
    case 'code':
      return (
        <CodeBlock
          code={segment.open ? completeCode(segment.text) : segment.text}
          info={segment.info}
          open={segment.open}
        />
      )
    case 'plain':
      return <LongText text={segment.text} />
  }
}, sameSegment)

/** The open segment is a new object with each piece; what it says decides. */
function sameSegment(before: SegmentViewProps, after: SegmentViewProps): boolean {
  const [a, b] = [before.segment, after.segment]
  if (a !== b) {
    if (a.kind !== b.kind || a.open !== b.open || a.text !== b.text) return false
    if (a.kind === 'code' && b.kind === 'code' && a.info !== b.info) return false
  }
  return before.links === after.links
}

interface TextSegmentProps {
  readonly text: string
  readonly open: boolean
  readonly links: Links
}

function TextSegment({ text, open, links }: TextSegmentProps): ReactElement {
  const tokens = useMemo(() => lexSegment(text, links), [text, links])
  return tokens === null ? <LongText text={text} /> : <Blocks tokens={tokens} open={open} />
}

function useLinks(definitions: string): Links {
  return useMemo(() => lexDefinitions(definitions), [definitions])
}
