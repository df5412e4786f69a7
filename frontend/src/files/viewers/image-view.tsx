import { Maximize, ZoomIn, ZoomOut } from 'lucide-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { cx, ErrorState, formatBytes, IconButton } from '../../ui/index.ts'

interface ImageViewProps {
  readonly name: string
  /** Where it is served; changes when the file does. */
  readonly source: string
  readonly bytes: number
}

const STEPS = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 8, 16] as const

/** An image on a checkered ground, as large as fits or enlarged by steps. */
export function ImageView({ name, source, bytes }: ImageViewProps): ReactElement {
  /** Null shows as much as fits. */
  const [zoom, setZoom] = useState<number | null>(null)
  const [size, setSize] = useState<{ readonly width: number; readonly height: number } | null>(null)
  const [failed, setFailed] = useState<string | null>(null)
  const now = zoom ?? 1
  if (failed === source) {
    return (
      <ErrorState title="This image cannot be shown">
        It may be damaged, or of a kind this browser does not know.
      </ErrorState>
    )
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex bg-[repeating-conic-gradient(var(--sunken)_0_25%,var(--surface)_0_50%)] bg-size-[20px_20px] min-h-0 flex-1 overflow-auto p-4">
        <img
          src={source}
          alt={name}
          draggable={false}
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
            setSize({ width: naturalWidth, height: naturalHeight })
          }
          onError={() => setFailed(source)}
          className={cx(
            'm-auto',
            zoom === null && 'max-h-full max-w-full object-contain',
            now > 1 && '[image-rendering:pixelated]',
          )}
          style={
            zoom === null || size === null
              ? undefined
              : { width: size.width * zoom, height: size.height * zoom, maxWidth: 'none' }
          }
        />
      </div>
      <footer className="flex h-8 shrink-0 items-center gap-2 border-t border-line px-3 text-xs text-faint tabular-nums">
        <span>{size === null ? '' : `${size.width} × ${size.height}`}</span>
        <span>{formatBytes(bytes)}</span>
        <span className="flex-1" />
        <span>{zoom === null ? 'Fits' : `${Math.round(zoom * 100)} %`}</span>
        <IconButton
          size="small"
          label="Smaller"
          icon={<ZoomOut size={15} />}
          disabled={now <= STEPS[0]}
          onClick={() => setZoom(STEPS.findLast((step) => step < now) ?? now)}
        />
        <IconButton
          size="small"
          label="Larger"
          icon={<ZoomIn size={15} />}
          disabled={now >= (STEPS.at(-1) ?? 1)}
          onClick={() => setZoom(STEPS.find((step) => step > now) ?? now)}
        />
        <IconButton
          size="small"
          label="Fit"
          icon={<Maximize size={14} />}
          pressed={zoom === null}
          onClick={() => setZoom(null)}
        />
      </footer>
    </div>
  )
}
