import type { WorkspaceId } from '@octo/protocol'
import { useCallback } from 'react'
import type { ReactElement } from 'react'
import { Markdown } from '../../content/index.ts'
import type { PathTarget } from '../../content/index.ts'
import { openPath } from '../../shell/navigation.ts'
import { contentUrl } from '../content-api.ts'
import type { TextBuffer } from '../editor/buffer.ts'
import { useBufferText } from '../editor/use-buffer-text.ts'
import { parentOf, pathInWorkspace } from '../paths.ts'

interface MarkdownPreviewProps {
  readonly workspace: WorkspaceId
  readonly path: string
  readonly buffer: TextBuffer
}

/** The preview follows typing at this pace. */
const FOLLOW_MS = 150

/** What a Markdown file will look like. Its links to other files open those, its images are those of the workspace. */
export function MarkdownPreview({ workspace, path, buffer }: MarkdownPreviewProps): ReactElement {
  const text = useBufferText(buffer, FOLLOW_MS)
  const folder = parentOf(path)
  const imageSource = useCallback(
    (href: string) => {
      const inside = inWorkspace(folder, href)
      return inside === null ? null : contentUrl(workspace, inside)
    },
    [workspace, folder],
  )
  const open = (target: PathTarget): void => {
    const inside = inWorkspace(folder, target.path)
    if (inside !== null) openPath(workspace, inside, target.line ?? undefined)
  }
  return (
    <section
      aria-label="Preview"
      // It scrolls, so the keyboard must reach it.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="min-h-0 flex-1 overflow-y-auto px-6 py-6 max-md:px-4"
    >
      <Markdown text={text} imageSource={imageSource} onOpenPath={open} className="mx-auto max-w-measure" />
    </section>
  )
}

/** Where a link in a file leads: from its own folder, or with "/" in front from the workspace. */
function inWorkspace(folder: string, href: string): string | null {
  if (/^[a-z][a-z\d+.-]*:/iu.test(href) || href.startsWith('//')) return null
  const [path = ''] = href.split(/[?#]/u)
  return path.startsWith('/')
    ? pathInWorkspace('/', path)
    : pathInWorkspace('', folder === '' ? path : `${folder}/${path}`)
}
