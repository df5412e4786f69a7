/**
 * Conversations with agents: their list, their transcript, the composer, what they ask and what they changed. Shows
 * what the runner announces and sends commands. Holds no fact but drafts, which are nobody else's yet.
 */
export { keepDrafts } from './drafts.ts'
export { NewSession } from './new-session.tsx'
export { dotOf, useSessions, waitingSessions } from './session-list.ts'
export { SessionSidebar } from './session-sidebar.tsx'
