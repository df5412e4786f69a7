import { StrictMode } from 'react'
import type { ReactElement } from 'react'
import { createRoot } from 'react-dom/client'

import { Toaster, TooltipProvider, followTheme } from '../src/ui/index.ts'
import { PartsPage } from './parts-page.tsx'

const pages: Readonly<Record<string, () => ReactElement>> = { parts: PartsPage }

const query = new URLSearchParams(location.search)
const Page = pages[query.get('page') ?? 'parts'] ?? PartsPage
const root = document.querySelector('#root')
if (root === null) throw new Error('index.html has no #root')

followTheme()
createRoot(root).render(
  <StrictMode>
    <TooltipProvider>
      <Page />
      <Toaster />
    </TooltipProvider>
  </StrictMode>,
)
