/** Operations to begin with, a tab each. */
export const examples: readonly { readonly query: string; readonly variables?: string }[] = [
  {
    query: `# What can be traded, with its last price. Public: no sign-in needed.
query Market {
  instruments(first: 10) {
    edges {
      node {
        symbol
        status
        ticker {
          last
          changePercent
          volume
        }
        orderBook(depth: 3) {
          sequence
          bids {
            price
            quantity
          }
          asks {
            price
            quantity
          }
        }
      }
    }
  }
}
`,
  },
  {
    query: `# One person across five services: identity, money, wallets, trading and posts.
# Sign in on the page first; the explorer uses the same session.
query Me {
  me {
    handle
    netWorth(currency: "EUR") {
      amount
      currency
    }
    wallets(first: 3) {
      edges {
        node {
          name
          address
        }
      }
    }
    orders(first: 3) {
      edges {
        node {
          side
          quantity
          status
          instrument {
            symbol
          }
        }
      }
    }
    posts(first: 3) {
      edges {
        node {
          text
          likeCount
        }
      }
    }
  }
}
`,
  },
  {
    query: `# Trades as they happen, over a WebSocket.
subscription Trades($symbol: ID!) {
  tradesExecuted(symbol: $symbol) {
    price
    quantity
    takerSide
    at
  }
}
`,
    variables: '{ "symbol": "BTC-EUR" }',
  },
  {
    query: `# What people talk about.
query Topics {
  trending(first: 5) {
    name
    postCount
    posts(first: 2) {
      edges {
        node {
          text
          author {
            handle
          }
        }
      }
    }
  }
}
`,
  },
]

/** Operations to begin with on the public graph. */
export const publicExamples: readonly { readonly query: string }[] = [
  {
    query: `# What can be traded, with its last price.
query Market {
  instruments(first: 10) {
    edges {
      node {
        symbol
        ticker {
          last
          changePercent
        }
      }
    }
  }
}
`,
  },
]
