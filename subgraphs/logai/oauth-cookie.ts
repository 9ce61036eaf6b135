import type { FastifyReply, FastifyRequest } from 'fastify'
import { browserSessionLifeMs } from './sessions.ts'

// With this prefix browsers take the cookie only over TLS, from this very host.
const nameOf = (secure: boolean): string => (secure ? '__Host-codai' : 'codai')

/** The cookie of the sign-in page, as a browser sent it. */
export const readCookie = ({ headers }: FastifyRequest, secure: boolean): string | undefined => {
  const prefix = `${nameOf(secure)}=`
  const found = (headers.cookie ?? '').split(/; */).find((pair) => pair.startsWith(prefix))
  const value = found?.slice(prefix.length)
  return value !== undefined && /^[\w-]{43}$/.test(value) ? value : undefined
}

/** Gives the browser a cookie. Scripts cannot read it, and forms of other sites do not send it. */
export const writeCookie = (reply: FastifyReply, value: string, secure: boolean): void => {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Lax', `Max-Age=${browserSessionLifeMs / 1000}`]
  if (secure) attributes.push('Secure')
  reply.removeHeader('set-cookie')
  void reply.header('set-cookie', [`${nameOf(secure)}=${value}`, ...attributes].join('; '))
}
