import type { SignInWords } from '../zh-CN/signin.ts'

export const signInEn: SignInWords = {
  title: 'Sign in',
  lead: 'For sellers’ staff, platform officers and supervisors.',
  go: 'Sign in with your work account',
  buyers: 'Buyers need no account: open the link in your text message. Lost it?',
  pickup: 'Use your pickup code',
  none: 'Sign-in is not set up on this server yet. An administrator needs to set the identity provider, as the deployment guide says.',
  again: 'Sign in again',
  demo: {
    title: 'Choose who you are',
    lead: 'This is a demo. No password is needed.',
    roles: {
      merchant: 'Seller’s staff',
      merchant2: 'A colleague of theirs',
      platform: 'Platform officer',
      supervisor: 'Platform supervisor',
      supervisor2: 'A second supervisor',
    },
    does: {
      merchant: 'Answers complaints about one shop, adds evidence, asks for more time',
      merchant2: 'Shares the same shop’s complaints: notes, assignment',
      platform: 'Takes cases, investigates, rules',
      supervisor: 'Sees to third handoffs and to what the platform left overdue',
      supervisor2: 'Agree to an erasure: it takes two supervisors',
    },
  },
  out: {
    title: 'Signed out',
    text: 'You are signed out on this device.',
    provider: 'Your work account itself may still be signed in. On a shared computer, sign out there too.',
    end: 'Sign out of the work account',
  },
  failures: {
    unreachable: {
      title: 'Sign-in is not available right now',
      text: 'The sign-in service of your work account does not answer. Try again in a few minutes; complaints and deadlines are not affected.',
    },
    stale: {
      title: 'This sign-in has expired',
      text: 'A sign-in has to be finished within ten minutes, in the same browser, and works once. Please sign in again.',
    },
    denied: {
      title: 'Not signed in',
      text: 'The sign-in was cancelled on the page of your work account. Sign in again whenever you need to.',
    },
    refused: {
      title: 'The sign-in did not succeed',
      text: 'What your work account sent could not be verified, so you were not signed in. Please try again, and tell an administrator if it keeps happening.',
    },
    no_role: {
      title: 'This account has no access yet',
      text: 'It has no role here, or does not say which seller it belongs to. Ask an administrator for access, then sign in again.',
    },
  },
  origin: {
    title: 'This was not accepted',
    text: 'To keep your account safe, we only take what is sent from our own pages. We could not tell that this was, so nothing was recorded.',
    what: 'Open the page again and send it from there. If you are using a browser inside another app, switch to the browser of your device.',
    back: 'Open the console',
  },
}
