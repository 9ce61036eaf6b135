/** A page as a person sees it, and what can be done there. */
export type Page = {
  status: number
  headers: Headers
  html: string
  /** Sends the page's form, pressing one of its buttons. */
  press(step: string, fields?: Record<string, string>): Promise<Page>
  /** Where the page sends the browser outside of logai; undefined while it shows something. */
  leftTo: URL | undefined
}

const unescape = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

const attribute = (tag: string, name: string): string | undefined => {
  const value = new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1]
  return value === undefined ? undefined : unescape(value)
}

/**
 * A browser without scripts: it keeps cookies, follows redirects within the origin it began at, and fills the form of a
 * page. A redirect to elsewhere is not followed: it is where the person has left to.
 */
export const openBrowser = () => {
  const cookies = new Map<string, string>()

  const visit = async (url: URL, init: { method?: string; body?: URLSearchParams }, origin: string): Promise<Page> => {
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: {
        'user-agent': 'A browser for tests',
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      cookies.set(name, value)
    }
    const location = response.headers.get('location')
    const target = location === null ? undefined : new URL(location, url)
    if (target?.origin === origin) return visit(target, {}, origin)
    const html = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      html,
      leftTo: target,
      press: (step, fields = {}) => {
        const form = /<form[^>]*>/.exec(html)?.[0] ?? ''
        const hidden = [...html.matchAll(/<input type="hidden"[^>]*>/g)].map(
          ([tag]) => [attribute(tag, 'name') ?? '', attribute(tag, 'value') ?? ''] as const,
        )
        const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields, step })
        return visit(new URL(attribute(form, 'action') ?? '', url), { method: 'POST', body }, origin)
      },
    }
  }

  return {
    cookies,
    open: (url: URL): Promise<Page> => visit(url, {}, url.origin),
  }
}
