import { Fragment, StrictMode } from 'react'
import type { ReactElement } from 'react'
import { createRoot } from 'react-dom/client'

import { Toaster, TooltipProvider, followTheme } from '../src/ui/index.ts'
import { ContentPage } from './content-page.tsx'
import { ListPage } from './list-page.tsx'
import { PartsPage } from './parts-page.tsx'
import { StreamPage } from './stream-page.tsx'
import { WorkbenchPage } from './workbench-page.tsx'

const pages: Readonly<Record<string, () => ReactElement>> = {
  parts: PartsPage,
  content: ContentPage,
  list: ListPage,
  stream: StreamPage,
  workbench: WorkbenchPage,
}

const query = new URLSearchParams(location.search)
const Page = pages[query.get('page') ?? 'parts'] ?? PartsPage
// Strict mode draws everything twice, which would double what the stream page measures.
const Mode = query.get('page') === 'stream' ? Fragment : StrictMode
const root = document.querySelector('#root')
if (root === null) throw new Error('index.html has no #root')

followTheme()
createRoot(root).render(
  <Mode>
    <TooltipProvider>
      <Page />
      <Toaster />
    </TooltipProvider>
  </Mode>,
)
