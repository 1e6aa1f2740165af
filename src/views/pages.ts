export { type Demo, demoPage } from './demo/page.ts'
export { phonePage, type Sms } from './demo/phone.ts'
export { consoleProblemPage, notFoundPage, pickupSentPage, problemPage } from './errors.ts'
export { homePage } from './intake/home.ts'
