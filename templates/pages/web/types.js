/**
 * What the page asks and is answered.
 *
 * @typedef { {text: string, other: string, at: string, notation: string, shapes: string, dtype: string, target: string,
 *   style: string, schedule: string, order: string, path: string, library: string, kind: string, symbolic: boolean,
 *   lang: string, tests: StatedTest[], arrays: string[]} } Asked  what einloop is asked with; "" is the default
 * @typedef { {name: string, shapes: string, values: string, result: string} } StatedTest
 * @typedef { {message: string, id: string, text: string, span: [number, number] | null, also?: [number, number][],
 *   line?: number | null, hint: string | null, fixes?: Fix[], picture?: string[]} } Fault  what einloop refuses
 * @typedef { {expression: string, shape: string | (number | string)[] | null} } Fix
 * @typedef { {id?: number, ask: string, ok?: any, error?: Fault} } Answer
 * @typedef { {name: string, key: string, shape: (number | string)[], dtype: string} } Given  an array of a file
 * @typedef {(request: Object<string, any>) => Promise<Answer>} Transport
 *
 * What the document carries: words of every language, the first answers, what there is to choose from.
 *
 * @typedef { {words: Words, lang: string, transport: string, state: Asked, loaded: Given[], answers: Object<string, Answer>,
 *   dtypes: string[], notations: string[], libraries: string[]} } PageData
 *
 * A panel: what it asks, and what it shows of an answer.
 *
 * @typedef { {id: string, asks: string, slow?: boolean, element: any, body: any, show: (ok: any, state: Asked) => void,
 *   fail: (fault: Fault) => void, wait: (on: boolean) => void, stale: () => void, wanted?: () => boolean, blank?: () => void,
 *   given?: (now: Asked) => Asked, fill?: (now: Asked) => void,
 *   focus: () => void} } WebPanel
 */
