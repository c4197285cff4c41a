@echo off
setlocal
set "CLOUD_JOB=final"
call "%~dp0report.bat" %*
exit /b %ERRORLEVEL%
