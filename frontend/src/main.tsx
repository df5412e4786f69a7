import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { takeSetupSecret } from './accounts/index.ts'
import { App } from './app.tsx'
import { followSettings } from './lib/settings.ts'
import { followTheme } from './ui/index.ts'

const root = document.querySelector('#root')
if (root === null) throw new Error('index.html has no #root')

followTheme()
followSettings()
const setupSecret = takeSetupSecret()

createRoot(root).render(
  <StrictMode>
    <App setupSecret={setupSecret} />
  </StrictMode>,
)
