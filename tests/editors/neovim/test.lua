-- Deed in Neovim with the configuration of editors/neovim, without a screen.
-- usage: DEED=… nvim --headless --clean -u NONE --cmd 'set rtp^=editors/neovim' -l test.lua ORGANISATION
local organisation = _G.arg[1]
local deed = assert(os.getenv('DEED'), 'DEED names the program')

local function fail(message)
  io.stderr:write('not ok ' .. message .. '\n')
  os.exit(1)
end

local function wait(what, look)
  if not vim.wait(20000, look, 20) then fail('never: ' .. what) end
  print('ok ' .. what)
end

local function check(what, holds, seen)
  if not holds then fail(what .. ': ' .. vim.inspect(seen)) end
  print('ok ' .. what)
end

vim.cmd('filetype on')
vim.lsp.config('deed', { cmd = { deed, 'lsp' } })
vim.lsp.enable('deed')

local function open(name)
  vim.cmd.edit(organisation .. '/' .. name)
  return vim.api.nvim_get_current_buf()
end

local function diagnostics(buffer, pattern)
  return vim.tbl_filter(function(one)
    return one.source == 'deed' and one.message:find(pattern or '') ~= nil
  end, vim.diagnostic.get(buffer))
end

--- The line that contains a text, counted from 0, and the column just behind it.
local function find(buffer, text)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    local _, stop = line:find(text, 1, true)
    if stop then return number - 1, stop end
  end
  fail(text .. ' is not in the file')
end

local function request(buffer, method, params)
  local answers = vim.lsp.buf_request_sync(buffer, method, params, 10000)
  local _, answer = next(answers or {})
  if not answer or answer.err then fail(method .. ': ' .. vim.inspect(answer)) end
  return answer.result
end

local function at(buffer, text)
  local line, column = find(buffer, text)
  vim.api.nvim_win_set_cursor(0, { line + 1, column - 1 })
  return vim.lsp.util.make_position_params(0, vim.lsp.get_clients({ bufnr = buffer })[1].offset_encoding)
end

-- A YAML file that is no manifest gets no server.
vim.fn.writefile({ 'a: 1' }, organisation .. '/other.yaml')
local other = open('other.yaml')
local buffer = open('deed.yaml')
wait('the server is attached to a manifest', function()
  local client = vim.lsp.get_clients({ bufnr = buffer })[1]
  return client and client.initialized
end)
check('and to no other YAML file', #vim.lsp.get_clients({ bufnr = other }) == 0)
local client = vim.lsp.get_clients({ bufnr = buffer })[1]
check('the root is the directory of deed.yaml', client.root_dir == vim.uv.fs_realpath(organisation) or client.root_dir == organisation, client.root_dir)
print('# ' .. vim.inspect(client.server_info):gsub('%s+', ' ') .. ' ' .. client.offset_encoding)

wait('diagnostics after opening', function() return #diagnostics(buffer) > 0 end)
local row = find(buffer, '  model: federated')
vim.api.nvim_buf_set_text(buffer, row, 2, row, 7, { 'modle' })
wait('a mistake is seen', function() return #diagnostics(buffer, 'did you mean `model`') == 1 end)
local mistake = diagnostics(buffer, 'did you mean `model`')[1]
check('at its place', mistake.lnum == row and mistake.col == 2 and mistake.end_col == 7, mistake)
check('with its rule', mistake.code == 'schema-violation', mistake.code)

vim.api.nvim_win_set_cursor(0, { row + 1, 3 })
vim.lsp.buf.code_action({ apply = true, filter = function(action) return action.kind == 'quickfix' and action.title:find('model', 1, true) ~= nil end })
wait('a fix mends it', function() return vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1]:find('  model: federated', 1, true) ~= nil end)
wait('and the mistake is gone', function() return #diagnostics(buffer) > 0 and #diagnostics(buffer, 'did you mean') == 0 end)

local hover = request(buffer, 'textDocument/hover', at(buffer, 'by: ada'))
check('hover says who a person is', hover.contents.value:find('Ada Moreau', 1, true), hover)
local definition = request(buffer, 'textDocument/definition', at(buffer, 'manager: isms-manager'))
definition = definition[1] or definition
check('a role leads to its definition', (definition.targetUri or definition.uri):find('roles.deed.yaml', 1, true), definition)
local rename = request(buffer, 'textDocument/rename', vim.tbl_extend('force', at(buffer, 'manager: isms-manager'), { newName = 'grc-lead' }))
local files = #vim.tbl_keys(rename.changes or {}) + #(rename.documentChanges or {})
check('rename changes several manifests', files > 1, rename)
local completion = request(buffer, 'textDocument/completion', at(buffer, 'owner: '))
check('completion knows the roles', vim.inspect(completion):find('head-of-it', 1, true), completion)

vim.lsp.codelens.refresh({ bufnr = buffer })
wait('a lens shows evidence', function()
  vim.lsp.codelens.refresh({ bufnr = buffer })
  return vim.iter(vim.lsp.codelens.get(buffer)):any(function(lens) return lens.command and lens.command.title:find('signed', 1, true) end)
end)
local roles = open('roles.deed.yaml')
wait('a lens counts what a role owns, and leads there', function()
  vim.lsp.codelens.refresh({ bufnr = roles })
  for _, lens in ipairs(vim.lsp.codelens.get(roles)) do
    if lens.command and lens.command.command == 'deed.showReferences' then
      client:exec_cmd(lens.command, { bufnr = roles })
      return #vim.fn.getqflist() > 0
    end
  end
end)

-- A manifest in JSON.
local json = open('risks/suppliers.deed.json')
wait('a manifest in JSON is served by the same server', function()
  local attached = vim.lsp.get_clients({ bufnr = json })[1]
  return attached and attached.id == client.id
end)

client:stop()
wait('the server ends when told', function() return client:is_stopped() end)
os.exit(0)
