// Calls to the API, and the session: its tokens live in this variable and nowhere else, and go when the page goes.

import { language } from "./texts.js";

let session = null;
let refreshing = null;

export class Refused extends Error {
  constructor(status, problem, retryAfter) {
    super(problem.title ?? String(status));
    this.status = status;
    this.code = String(problem.type ?? "").split("/").pop();
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

export class NotReached extends Error {}

export class SessionEnded extends Error {}

export const signedIn = () => session !== null;

export function forget() {
  session = null;
  refreshing = null;
}

async function ask(method, path, body, token, spoken = language()) {
  const headers = { "Accept-Language": spoken === "zh" ? "zh-CN" : "en" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
    });
  } catch {
    throw new NotReached();
  }
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({}));
  throw new Refused(answer.status, problem, answer.headers.get("retry-after"));
}

// Only our own addresses are asked, whatever a link in an answer says.
const own = (path) => {
  const address = new URL(path, location.origin);
  if (address.origin !== location.origin) throw new NotReached();
  return address.pathname + address.search;
};

export async function signIn(credentials) {
  const answer = await (await ask("POST", "/sign_in", credentials)).json();
  session = { token: answer.access_token, refresh: answer.refresh_token };
  return answer.to_set_up;
}

async function refresh(ended) {
  try {
    const answer = await (await ask("POST", "/sign_in/refresh", { refresh_token: ended.refresh })).json();
    if (session !== ended) throw new SessionEnded();
    session = { token: answer.access_token, refresh: answer.refresh_token };
  } catch (error) {
    if (error instanceof Refused && error.status !== 429 && error.status < 500) throw new SessionEnded();
    throw error;
  }
}

// One refresh at a time: each refresh token is good for one use, and a second use ends the session.
function refreshed() {
  refreshing ??= refresh(session).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function send(method, path, body, spoken) {
  if (!session) throw new SessionEnded();
  const used = session.token;
  try {
    return await ask(method, own(path), body, used, spoken);
  } catch (error) {
    if (!(error instanceof Refused && error.code === "not_signed_in")) throw error;
  }
  if (session?.token === used) await refreshed();
  if (!session) throw new SessionEnded();
  try {
    return await ask(method, own(path), body, session.token, spoken);
  } catch (error) {
    if (error instanceof Refused && error.code === "not_signed_in") throw new SessionEnded();
    throw error;
  }
}

export const get = async (path) => (await send("GET", path)).json();

// `spoken`: the language of the file, where that is not the page's.
export const file = (path, spoken) => send("GET", path, undefined, spoken);

export const confirm = (proof) => send("POST", "/sign_in/confirm", { proof });

export async function signOut() {
  try {
    await send("POST", "/sign_out");
  } finally {
    forget();
  }
}
