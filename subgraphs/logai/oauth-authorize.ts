import { createHmac } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { CodedError, errorStatus } from '@codai/runtime'
import type { Service } from './context.ts'
import { readCookie, writeCookie } from './oauth-cookie.ts'
import { OAuthError } from './oauth-errors.ts'
import { codePage, consentPage, pageHeaders, problemPage, signInPage } from './oauth-pages.ts'
import { readRequest, readTarget, redirectWith, single } from './oauth-request.ts'
import type { AuthorizationRequest } from './oauth-request.ts'
import { equalInConstantTime, newOpaqueToken } from './opaque.ts'
import type { SessionRecord, UserRecord } from './records.ts'
import type { Caller } from './sessions.ts'

/** One visit of the page: the request of the application and the browser that brings it. */
type Visit = {
  reply: FastifyReply
  caller: Caller
  query: URLSearchParams
  request: AuthorizationRequest
  /** The browser's cookie; made now when it had none. */
  cookie: string
  /** Who is signed in at this browser, as far as the request takes it. */
  session: SessionRecord | undefined
}

const queryOf = ({ url }: FastifyRequest): URLSearchParams => new URLSearchParams(url.split('?').slice(1).join('?'))

const show = (reply: FastifyReply, status: number, html: string): FastifyReply =>
  reply.code(status).headers(pageHeaders).send(html)

const goTo = (reply: FastifyReply, address: string): FastifyReply =>
  reply
    .code(303)
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('location', address)
    .send()

/**
 * The page at which a person signs in and lets an application in (RFC 6749, section 3.1). Forms carry a token that is
 * bound to the browser's cookie, so that no other page can send them.
 */
export const createAuthorize = (service: Service, options: { issuer: string; csrfKey: Buffer; now: () => Date }) => {
  const { issuer, csrfKey, now } = options
  const { accounts, grants, oauthClients, secondFactor, sessions, store } = service
  const secure = issuer.startsWith('https:')

  const csrfOf = (cookie: string): string => createHmac('sha256', csrfKey).update(cookie).digest('base64url')
  const basis = ({ query, cookie }: Visit): { action: string; csrf: string } => ({
    action: `authorize?${query.toString()}`,
    csrf: csrfOf(cookie),
  })

  const suffices = (session: SessionRecord, { login, maxAge }: AuthorizationRequest): boolean =>
    !login && (maxAge === undefined || session.createdAt.getTime() + maxAge * 1000 >= now().getTime())

  /** Reads the request. What cannot be sent back to the application is shown here; then the answer is undefined. */
  const receive = async (incoming: FastifyRequest, reply: FastifyReply): Promise<Visit | undefined> => {
    const query = queryOf(incoming)
    const target = await readTarget(query, oauthClients).catch((error: unknown) => {
      if (!(error instanceof OAuthError)) throw error
      show(reply, 400, problemPage(error.message))
      return undefined
    })
    if (!target) return undefined
    try {
      const request = readRequest(query, target)
      const known = readCookie(incoming, secure)
      const cookie = known ?? newOpaqueToken()
      if (known === undefined) writeCookie(reply, cookie, secure)
      const session = known === undefined ? undefined : await sessions.ofBrowser(known)
      const caller = { address: incoming.ip, userAgent: incoming.headers['user-agent'] }
      return { reply, caller, query, request, cookie, session }
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error
      goTo(reply, redirectWith(target, issuer, { error: error.code, error_description: error.message }))
      return undefined
    }
  }

  const sendBack = ({ reply, request }: Visit, error: OAuthError): FastifyReply =>
    goTo(reply, redirectWith(request, issuer, { error: error.code, error_description: error.message }))

  const askToSignIn = (visit: Visit, problem?: { handle: string; text: string; status: number }): FastifyReply => {
    const handle = problem?.handle ?? visit.request.loginHint
    const page = signInPage({
      ...basis(visit),
      application: visit.request.client.name,
      ...(handle !== undefined && { handle }),
      ...(problem && { problem: problem.text }),
    })
    return show(visit.reply, problem?.status ?? 200, page)
  }

  const askToConsent = async (visit: Visit, session: SessionRecord): Promise<FastifyReply> => {
    const { client, scopes, redirectUri } = visit.request
    const people = await store.usersByIds([session.userId, client.ownerId])
    const handleOf = (id: string): string => people.find((person) => person.id === id)?.handle ?? ''
    const page = consentPage({
      ...basis(visit),
      application: client.name,
      owner: handleOf(client.ownerId),
      handle: handleOf(session.userId),
      scopes,
      redirectUri,
    })
    return show(visit.reply, 200, page)
  }

  /** Signs the browser in, under a new cookie: one that somebody planted before is worth nothing. */
  const complete = async (visit: Visit, user: UserRecord): Promise<FastifyReply> => {
    const { reply, query, caller, session } = visit
    if (session) await sessions.end(session, 'SIGNED_OUT')
    writeCookie(reply, await sessions.beginBrowser(user, caller), secure)
    const next = new URLSearchParams(query)
    // The person has signed in anew: to ask for it again would never end.
    next.delete('prompt')
    return goTo(reply, `authorize?${next.toString()}`)
  }

  const signIn = async (visit: Visit, form: URLSearchParams): Promise<FastifyReply> => {
    const handle = single(form, 'handle') ?? ''
    try {
      const step = await accounts.prove({ handle, password: form.get('password') ?? '' }, visit.caller)
      if ('user' in step) return await complete(visit, step.user)
      return show(visit.reply, 200, codePage({ ...basis(visit), challenge: step.challenge }))
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      return askToSignIn(visit, { handle, text: error.message, status: errorStatus(error.code) })
    }
  }

  const answer = async (visit: Visit, form: URLSearchParams): Promise<FastifyReply> => {
    const challenge = single(form, 'challenge') ?? ''
    try {
      return await complete(visit, await secondFactor.answer({ challenge, code: form.get('code') ?? '' }))
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      const page = codePage({ ...basis(visit), challenge, problem: error.message })
      return show(visit.reply, errorStatus(error.code), page)
    }
  }

  const allow = async (visit: Visit): Promise<FastifyReply> => {
    const { reply, request, session } = visit
    if (!session || !suffices(session, request)) return askToSignIn(visit)
    const code = await grants.consent(session, request)
    return goTo(reply, redirectWith(request, issuer, { code }))
  }

  const switchAccount = async (visit: Visit): Promise<FastifyReply> => {
    if (visit.session) await sessions.end(visit.session, 'SIGNED_OUT')
    const cookie = newOpaqueToken()
    writeCookie(visit.reply, cookie, secure)
    return askToSignIn({ ...visit, cookie, session: undefined })
  }

  return {
    /** Shows what comes next: the sign-in or the consent. */
    show: async (incoming: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const visit = await receive(incoming, reply)
      if (!visit) return reply
      const { request, session } = visit
      if (!session || !suffices(session, request)) {
        if (request.silent) return sendBack(visit, new OAuthError('login_required', 'Nobody is signed in.'))
        return askToSignIn(visit)
      }
      if (request.silent) return sendBack(visit, new OAuthError('consent_required', 'The person has to be asked.'))
      return askToConsent(visit, session)
    },

    /** Takes a form of the page. */
    submit: async (incoming: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const visit = await receive(incoming, reply)
      if (!visit) return reply
      const form = incoming.body instanceof URLSearchParams ? incoming.body : new URLSearchParams()
      if (!equalInConstantTime(form.get('csrf') ?? '', csrfOf(visit.cookie))) {
        const link = { href: `authorize?${visit.query.toString()}`, text: 'Start again' }
        return show(reply, 403, problemPage('This form is out of date, or your browser keeps no cookies.', link))
      }
      const step = form.get('step')
      if (step === 'sign-in') return signIn(visit, form)
      if (step === 'answer') return answer(visit, form)
      if (step === 'allow') return allow(visit)
      if (step === 'deny') return sendBack(visit, new OAuthError('access_denied', 'The person said no.'))
      if (step === 'switch') return switchAccount(visit)
      return show(reply, 400, problemPage('This form has no such step.'))
    },
  }
}
