export { type Demo, demoPage, phonePage, type Sms } from './demo/page.ts'
export { consoleProblemPage, notFoundPage, pickupSentPage, problemPage } from './errors.ts'
export { homePage } from './intake/home.ts'
