export { Device } from './device.js';
export { Problem } from './http.js';
export { memoryStorage } from './storage.js';
export * as exactJson from './exact-json.js';
