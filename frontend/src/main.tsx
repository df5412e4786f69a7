import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { takeSetupSecret } from './accounts/index.ts'
import { App, Workbench } from './app.tsx'
import { followSettings } from './lib/settings.ts'
import { followTheme } from './ui/index.ts'

const root = document.querySelector('#root')
if (root === null) throw new Error('index.html has no #root')

followTheme()
followSettings()
const setupSecret = takeSetupSecret()
if (setupSecret === '' && !/^\/(?:login|setup)$/.test(location.pathname)) Workbench.preload()

createRoot(root).render(
  <StrictMode>
    <App setupSecret={setupSecret} />
  </StrictMode>,
)
