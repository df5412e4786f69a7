/**
 * Conversations with agents: their list, their transcript, the composer, what they ask and what they changed. Shows
 * what the runner announces and sends commands. Holds no fact but drafts, which are nobody else's yet.
 */
export { ChangesPanel } from './changes-panel.tsx'
export { keepDrafts } from './drafts.ts'
export { InboxPane } from './inbox-pane.tsx'
export { NewSession } from './new-session.tsx'
export { dotOf, useSessions, waitingSessions } from './session-list.ts'
export { SessionPane } from './session-pane.tsx'
export { SessionSidebar } from './session-sidebar.tsx'
