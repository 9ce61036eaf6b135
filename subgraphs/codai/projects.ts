import {
  badInput,
  codedError,
  forbidden,
  notFound,
  optionalText,
  requireId,
  requireKey,
  requiredText,
} from '../_kit/index.ts'
import type { Directory } from './directory.ts'
import type { ProjectRecord, ProjectRole } from './records.ts'
import type { Requests } from './requests.ts'
import { requireService } from './services.ts'
import type { Store } from './store.ts'
import type { CodaiTransaction } from './transaction.ts'

const longestName = 80
const longestDescription = 1_000
const mostProjects = 50
const mostMembers = 100

export type CreateProjectInput = {
  name: string
  description?: string | null | undefined
  services?: readonly string[] | undefined
  idempotencyKey: string
}

export type ChangeProjectInput = {
  project: string
  name?: string | null | undefined
  description?: string | null | undefined
}

/** Whether a role is one of those that may change a project. */
export const mayMaintain = (role: ProjectRole | null): boolean => role === 'OWNER' || role === 'MAINTAINER'

/** Name and description as far as they are given; empty when nothing is. BAD_USER_INPUT for texts that are too long. */
export const readTexts = (input: {
  name?: string | null | undefined
  description?: string | null | undefined
}): { name?: string; description?: string | null } => ({
  ...(input.name != null && { name: requiredText(input.name, longestName, 'name') }),
  ...(input.description != null && { description: optionalText(input.description, longestDescription, 'description') }),
})

/** The rules of projects. */
export const createProjects = (options: {
  store: Store
  requests: Requests
  directory: Directory
  now: () => Date
}) => {
  const { store, requests, directory, now } = options

  const load = async (id: string, viewer: string): Promise<ProjectRecord> => {
    const [project] = await store.projects([id], viewer)
    if (!project) throw notFound('Project', id)
    return project
  }

  /** Changes a locked project as somebody who may; answers it as it is then. NOT_FOUND for strangers. */
  const change = async (
    userId: string,
    projectId: string,
    work: (tx: CodaiTransaction, project: ProjectRecord) => Promise<void>,
    mayChange: (role: ProjectRole | null) => boolean = mayMaintain,
  ): Promise<ProjectRecord> => {
    const id = requireId('Project', projectId)
    const before = await store.transact(async (tx) => {
      const project = await tx.lockProject(id, userId)
      if (!project || project.viewerRole === null) throw notFound('Project', id)
      if (!mayChange(project.viewerRole)) throw forbidden(`A ${project.viewerRole} of the project may not do this.`)
      await work(tx, project)
      return project
    })
    const [after] = await store.projects([id], userId)
    return after ?? before
  }

  return {
    createProject: async (userId: string, input: CreateProjectInput): Promise<ProjectRecord> => {
      const name = requiredText(input.name, longestName, 'name')
      const description = optionalText(input.description, longestDescription, 'description')
      const services = [
        ...new Set((input.services ?? []).map((service) => requireService(service, 'services'))),
      ].toSorted()
      const key = requireKey(input.idempotencyKey)
      const content = { name, description, services }
      const id = await requests.once({ actor: userId, key, operation: 'createProject', content }, async (tx, id) => {
        await tx.lockPerson(userId)
        if ((await tx.countProjects(userId)) >= mostProjects) {
          throw codedError('LIMIT_EXCEEDED', `A person owns at most ${mostProjects} projects.`)
        }
        await tx.insertProject({ id, ownerId: userId, name, description, createdAt: now() }, services)
        await tx.publish({ type: 'codai.projectCreated', key: id, payload: { projectId: id, owner: userId, name } })
      })
      return load(id, userId)
    },

    changeProject: (userId: string, input: ChangeProjectInput): Promise<ProjectRecord> => {
      const texts = readTexts(input)
      return change(userId, input.project, (tx, { id }) => tx.updateProject(id, texts))
    },

    /** Deletes a project with its workflows; answers it as it was. */
    deleteProject: (userId: string, projectId: string): Promise<ProjectRecord> =>
      change(
        userId,
        projectId,
        async (tx, { id, ownerId }) => {
          await tx.deleteProject(id, now())
          await tx.publish({ type: 'codai.projectDeleted', key: id, payload: { projectId: id, owner: ownerId } })
        },
        (role) => role === 'OWNER',
      ),

    /** Adds a member or changes a role. NOT_FOUND for a person whom nobody knows. */
    setProjectMember: async (
      userId: string,
      input: { project: string; user: string; role?: ProjectRole | undefined },
      requestId: string,
    ): Promise<ProjectRecord> => {
      const { role = 'MEMBER' } = input
      if (role === 'OWNER') throw badInput('A project gets another owner by `transferProject`.', { field: 'role' })
      const memberId = requireId('User', input.user)
      // Before anything is locked: nobody has to wait for another service.
      await directory.requirePerson(memberId, requestId)
      return change(userId, input.project, async (tx, { id, name, ownerId }) => {
        if (memberId === ownerId) throw codedError('CONFLICT', 'The owner stays the owner until `transferProject`.')
        const member = await tx.member(id, memberId)
        if (member?.role === role) return
        if (!member && (await tx.countMembers(id)) >= mostMembers) {
          throw codedError('LIMIT_EXCEEDED', `A project has at most ${mostMembers} members.`)
        }
        await tx.setMember(id, memberId, role, now())
        const payload = { projectId: id, name, member: memberId, role, by: userId }
        await tx.publish({ type: 'codai.projectMemberSet', key: id, payload })
      })
    },

    removeProjectMember: (userId: string, input: { project: string; user: string }): Promise<ProjectRecord> => {
      const memberId = requireId('User', input.user)
      return change(
        userId,
        input.project,
        async (tx, { id, ownerId }) => {
          if (memberId === ownerId) throw codedError('CONFLICT', 'The owner cannot leave: hand the project over first.')
          if (!(await tx.member(id, memberId))) return
          await tx.removeMember(id, memberId)
          const payload = { projectId: id, member: memberId, by: userId }
          await tx.publish({ type: 'codai.projectMemberRemoved', key: id, payload })
        },
        (role) => memberId === userId || mayMaintain(role),
      )
    },

    transferProject: (userId: string, input: { project: string; user: string }): Promise<ProjectRecord> => {
      const heirId = requireId('User', input.user)
      return change(
        userId,
        input.project,
        async (tx, { id }) => {
          if (heirId === userId) return
          if (!(await tx.member(id, heirId))) {
            throw badInput('Only a member can become the owner: add the person first.', { field: 'user' })
          }
          // In this order there are never two owners.
          await tx.setMember(id, userId, 'MAINTAINER', now())
          await tx.setMember(id, heirId, 'OWNER', now())
          await tx.updateProject(id, { ownerId: heirId })
          const payload = { projectId: id, from: userId, to: heirId }
          await tx.publish({ type: 'codai.projectTransferred', key: id, payload })
        },
        (role) => role === 'OWNER',
      )
    },

    /** Adds a service to a project, or takes it away. */
    setProjectService: (
      userId: string,
      input: { project: string; service: string },
      isUsed: boolean,
    ): Promise<ProjectRecord> => {
      const service = requireService(input.service, 'service')
      return change(userId, input.project, (tx, { id }) => tx.setService(id, service, isUsed))
    },
  }
}
