import { createContext, useContext } from 'react'

import { safeImageSource } from '../links.ts'
import type { PathTarget } from '../links.ts'

/** What the text around may ask of the view it stands in. */
export interface ContentActions {
  /** Opens a file; without it, paths are plain text. */
  readonly openPath: ((target: PathTarget) => void) | null
  /** The source of an image that may be loaded, or null to show its text alone. */
  readonly imageSource: (href: string) => string | null
}

const NO_ACTIONS: ContentActions = { openPath: null, imageSource: safeImageSource }

export const ContentActionsContext = createContext<ContentActions>(NO_ACTIONS)

/** The actions of the nearest content view. */
export function useContentActions(): ContentActions {
  return useContext(ContentActionsContext)
}
