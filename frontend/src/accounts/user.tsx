import type { User } from '@octo/protocol'
import { createContext, use } from 'react'

const UserContext = createContext<User | null>(null)

/** Who the workbench belongs to; known also while the server cannot be reached. */
export const UserProvider = UserContext.Provider

export function useUser(): User {
  const user = use(UserContext)
  if (user === null) throw new Error('useUser outside of the workbench')
  return user
}
