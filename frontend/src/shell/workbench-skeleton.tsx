import type { ReactElement } from 'react'
import { Skeleton } from '../ui/index.ts'

/** The shape of the workbench, until it is known who is there. */
export function WorkbenchSkeleton(): ReactElement {
  return (
    <div className="flex h-full min-h-0">
      <div className="w-[260px] shrink-0 border-r border-line p-4 max-md:hidden">
        <Skeleton lines={6} label="Connecting" />
      </div>
      <div className="flex-1 bg-surface" />
    </div>
  )
}
