/** The folders work happens in: their list, and the choosing of a new one. Owns no folder. */
export { AddWorkspaceDialog, FirstWorkspace } from './add-workspace.tsx'
export { useWorkspaceActions } from './workspace-actions.tsx'
export { markUsed, useWorkspaces } from './workspace-list.ts'
