-- Requests for wrk: a mode (fresh, join or kept queries, or paths), a file of lines, an endpoint's path.
local lines, count = {}, 0
function init(args)
  mode, endpoint = args[1], args[3]
  for line in io.lines(args[2]) do lines[#lines + 1] = line end
end
local function hex(text)
  return (text:gsub("[^%w%-_%.~]", function(c) return string.format("%%%02X", string.byte(c)) end))
end
function request()
  count = count + 1
  local one = lines[count % #lines + 1]
  if mode == "paths" then
    return wrk.format("GET", one, {["Accept-Encoding"] = "gzip"})
  end
  local query = "SELECT ?p ?o { <" .. one .. "> ?p ?o }"
  if mode == "join" then
    query = "SELECT ?s ?l { ?s <http://www.w3.org/1999/02/22-rdf-syntax-ns#object> <" .. one ..
      "> ; <http://www.w3.org/1999/02/22-rdf-syntax-ns#subject> ?o . " ..
      "?o <http://www.w3.org/2000/01/rdf-schema#label> ?l }"
  end
  if mode ~= "kept" then query = query .. " #" .. count end
  return wrk.format("GET", endpoint .. "?query=" .. hex(query),
                    {Accept = "application/sparql-results+json"})
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format("%.1f %.2f %.2f %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000,
    e.connect + e.read + e.write + e.status + e.timeout))
end
